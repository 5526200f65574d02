using System.Globalization;
using System.Text.RegularExpressions;

namespace AIOrleans.Core.Money.LiteLlm;

/// <summary>A property of the list taken apart: <c>input_cost_per_token_above_200k_tokens_priority</c> is the input, above 200 000 tokens, of the priority service.</summary>
/// <param name="Unit">What is charged: one of <see cref="Units"/>, or something that is not known here.</param>
/// <param name="AboveTokens">0: below all thresholds.</param>
internal readonly partial record struct PriceKey(string Unit, ServiceTier Service, long AboveTokens)
{
    public const string Input = "input_cost_per_token";
    public const string Output = "output_cost_per_token";
    public const string CachedInput = "cache_read_input_token_cost";
    public const string CacheWrite5m = "cache_creation_input_token_cost";
    public const string CacheWrite1h = "cache_creation_input_token_cost_above_1hr";
    public const string AudioInput = "input_cost_per_audio_token";
    public const string AudioOutput = "output_cost_per_audio_token";
    public const string Reasoning = "output_cost_per_reasoning_token";
    public const string PerImage = "input_cost_per_image";
    public const string PerRequest = "input_cost_per_request";

    // What other properties of some models mean, see ListedUnits.
    public const string ImageInput = "tokens of images read";
    public const string ImageOutput = "tokens of images made";
    public const string PerImageOutput = "images made";
    public const string PerAudioMinute = "minutes heard";
    public const string PerCharacter = "characters spoken";
    public const string PerSearchUnit = "searches";

    private const int TokensPerK = 1_000;

    /// <summary>What the gateway counts and charges, and whether by token (or character) or by piece.</summary>
    private static readonly Dictionary<string, bool> Units = new(StringComparer.Ordinal)
    {
        [Input] = true, [Output] = true, [CachedInput] = true, [CacheWrite5m] = true, [CacheWrite1h] = true,
        [AudioInput] = true, [AudioOutput] = true, [Reasoning] = true, [PerImage] = false, [PerRequest] = false,
        [ImageInput] = true, [ImageOutput] = true, [PerImageOutput] = false, [PerAudioMinute] = false, [PerCharacter] = true, [PerSearchUnit] = false,
    };

    public bool IsCharged => Units.ContainsKey(Unit);

    public bool IsPerToken => Units.GetValueOrDefault(Unit);

    /// <summary>True for units beside tokens that a whole call may be charged by.</summary>
    public bool IsByThePiece => Unit is PerImageOutput or PerAudioMinute or PerCharacter or PerSearchUnit;

    public static PriceKey Of(string property)
    {
        Match match = Parts().Match(property);
        ServiceTier service = match.Groups["service"].Value switch
        {
            "batches" => ServiceTier.Batch,
            "priority" => ServiceTier.Priority,
            "flex" => ServiceTier.Flex,
            _ => ServiceTier.Standard,
        };
        Group above = match.Groups["above"];
        return new PriceKey(
            match.Groups["unit"].Value, service, above.Success ? long.Parse(above.Value, NumberStyles.None, CultureInfo.InvariantCulture) * TokensPerK : 0);
    }

    /// <summary>True for properties that tell a price, whatever it is for.</summary>
    public static bool IsPrice(string property) =>
        !property.Contains("_dbu_", StringComparison.Ordinal)
        && (property.Contains("cost", StringComparison.Ordinal) || property is "tiered_pricing" or "provider_specific_entry"
            || property.Contains("uplift", StringComparison.Ordinal));

    [GeneratedRegex(
        "^(?<unit>.+?)(_above_(?<above>[1-9][0-9]{0,5})k_tokens)?(_(?<service>batches|priority|flex))?(_above_(?<above>[1-9][0-9]{0,5})k_tokens)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Parts();
}
