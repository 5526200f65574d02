using System.Text.Json;
using AIOrleans.Core.Configuration;

namespace AIOrleans.Core.Money.LiteLlm;

/// <summary>One model of the list: what of its prices the gateway can charge, and what not.</summary>
internal sealed class LiteLlmModel
{
    private const decimal TokensPerMillion = 1_000_000;

    /// <summary>Operations whose answer has no tokens, so that an output price may be missing.</summary>
    private static readonly HashSet<string> WithoutOutput = new(StringComparer.Ordinal) { "embedding", "rerank", "moderation" };

    /// <summary>Kinds of tokens that providers count among the others, and the unit that they are therefore charged as.</summary>
    private static readonly Dictionary<string, string> CountedAs = new(StringComparer.Ordinal)
    {
        ["input_cost_per_image_token"] = PriceKey.Input,
        ["input_cost_per_video_token"] = PriceKey.Input,
        ["output_cost_per_image_token"] = PriceKey.Output,
        ["output_cost_per_video_token"] = PriceKey.Output,
        ["cache_read_input_audio_token_cost"] = PriceKey.CachedInput,
        ["cache_read_input_image_token_cost"] = PriceKey.CachedInput,
        ["cache_creation_input_audio_token_cost"] = PriceKey.CacheWrite5m,
    };

    private readonly Dictionary<PriceKey, decimal> charged = [];
    private readonly SortedDictionary<string, decimal?> others = new(StringComparer.Ordinal);
    private readonly string mode;
    private readonly bool chargesTokens;
    private string? fault;

    private LiteLlmModel(JsonElement body)
    {
        mode = body.TryGetProperty("mode", out JsonElement told) && told.ValueKind == JsonValueKind.String ? told.GetString() ?? "" : "";
        chargesTokens = body.EnumerateObject().Any(property => PriceKey.Of(property.Name) is { IsCharged: true, IsPerToken: true }
            && ExactDecimal.Read(property.Value, out decimal usd) == NumberFault.None && usd > 0);
        foreach (JsonProperty property in body.EnumerateObject())
        {
            if (PriceKey.IsPrice(property.Name) && property.Value.ValueKind != JsonValueKind.Null)
            {
                Take(property);
            }
        }
    }

    /// <summary>The price, or why there is none.</summary>
    public static (ListedPrice? Price, SkippedPrice? Skipped) Read(string name, JsonElement body)
    {
        if (name.Length is 0 or > PriceName.CharsMax || name.Any(char.IsControl))
        {
            return (null, new SkippedPrice(name, $"a name must have 1 to {PriceName.CharsMax} characters, none of them a control character"));
        }

        if (body.ValueKind != JsonValueKind.Object)
        {
            return (null, new SkippedPrice(name, "is no object"));
        }

        var model = new LiteLlmModel(body);
        return model.WhyNot() is { } reason ? (null, new SkippedPrice(name, reason)) : (new ListedPrice(name, model.ToPrice(), model.Notes()), null);
    }

    private void Take(JsonProperty property)
    {
        PriceKey key = KeyOf(property.Name);
        NumberFault numberFault = ExactDecimal.Read(property.Value, out decimal usd);
        if (!key.IsCharged)
        {
            if (usd != 0 || numberFault != NumberFault.None)
            {
                others[property.Name] = numberFault == NumberFault.None ? usd : null;
            }

            return;
        }

        usd = ListedUnits.Scale(key.Unit, usd);
        fault ??= FaultOf(property.Name, key, numberFault, usd);
        charged[key] = charged.TryGetValue(key, out decimal before) ? Math.Max(before, usd) : usd;
    }

    private PriceKey KeyOf(string property)
    {
        var key = PriceKey.Of(property);
        return key with { Unit = ListedUnits.Of(mode, chargesTokens, key.Unit) };
    }

    private static string? FaultOf(string property, PriceKey key, NumberFault numberFault, decimal usd) => numberFault switch
    {
        NumberFault.NoNumber => $"{property} is no number",
        NumberFault.TooFine => $"{property} is too fine to be charged exactly",
        _ when usd < 0 => $"{property} is negative",
        _ when usd > (key.IsPerToken ? PriceSheetJson.UsdPerMillionMax / TokensPerMillion : PriceSheetJson.PerUnitUsdMax) => $"{property} is absurdly large",
        _ when key.IsPerToken && !TokenPrice.TryFromUsdPerMillion(usd * TokensPerMillion, out _) =>
            $"{property} is too fine: prices are whole micro-dollars per million tokens",
        _ when !key.IsPerToken && decimal.Truncate(usd * NanoUsd.PerUsd) != usd * NanoUsd.PerUsd => $"{property} is too fine: fees are whole nano-dollars",
        _ => null,
    };

    private string? WhyNot()
    {
        if (fault is not null)
        {
            return fault;
        }

        if (others.ContainsKey("tiered_pricing"))
        {
            return "tiered_pricing has ranges of its own, which the gateway does not charge by";
        }

        bool hasOutput = charged.ContainsKey(Base(PriceKey.Output)) || WithoutOutput.Contains(mode);
        bool hasPieces = charged.Keys.Any(key => key is { IsByThePiece: true, Service: ServiceTier.Standard, AboveTokens: 0 });
        if (!hasPieces && (!charged.ContainsKey(Base(PriceKey.Input)) || !hasOutput))
        {
            return others.Count > 0 ? $"charged by {string.Join(", ", others.Keys)}, which the gateway does not count"
                : charged.Count > 0 ? $"no {(hasOutput ? PriceKey.Input : PriceKey.Output)}"
                : "no price";
        }

        if (others.Count > 0 && charged.Values.All(usd => usd == 0))
        {
            return $"charged by {string.Join(", ", others.Keys)}, which the gateway does not count";
        }

        if (DearerKind() is { } kind)
        {
            return $"{kind}: such tokens cost more than others, and the gateway cannot tell them apart";
        }

        int tiers = charged.Keys.Where(key => key.AboveTokens > 0).GroupBy(key => key.Service).Select(keys => keys.DistinctBy(key => key.AboveTokens).Count())
            .DefaultIfEmpty().Max();
        return tiers > PriceSheet.TiersMax ? $"{tiers} tiers; at most {PriceSheet.TiersMax} can be charged" : null;
    }

    /// <summary>A kind of token that is counted among cheaper ones; null when there is none.</summary>
    private string? DearerKind()
    {
        foreach ((string property, decimal? usd) in others)
        {
            var key = PriceKey.Of(property);

            // Services that make images do not tell what came from a cache: all of it is charged as read anew.
            bool isRead = ListedUnits.MakesImages(mode) && key.Unit.StartsWith("cache_", StringComparison.Ordinal);
            if (!isRead && CountedAs.TryGetValue(key.Unit, out string? unit) && (usd is null || usd > ChargedAs(key, unit)))
            {
                return property;
            }
        }

        return null;
    }

    private decimal ChargedAs(PriceKey key, string unit) =>
        charged.TryGetValue(key with { Unit = unit }, out decimal usd) ? usd
        : charged.TryGetValue(Base(unit), out usd) ? usd
        : charged.GetValueOrDefault(Base(PriceKey.Input));

    private List<string> Notes()
    {
        var notes = new List<string>();
        string[] unseen = [.. others.Keys.Where(property => !CountedAs.ContainsKey(PriceKey.Of(property).Unit))];
        if (unseen.Length > 0)
        {
            notes.Add($"not charged: {string.Join(", ", unseen)}");
        }

        if (charged.Values.All(usd => usd == 0))
        {
            notes.Add("free");
        }

        return notes;
    }

    private ModelPrice ToPrice()
    {
        PriceSheet standard = SheetOf(ServiceTier.Standard) ?? throw new InvalidOperationException("A price without an input rate was let through.");
        var price = new ModelPrice(standard)
        {
            Version = "",
            Input = standard.Input ?? default(TokenPrice),
            Output = standard.Output ?? default(TokenPrice),
            PerImage = NullIfZero(standard.PerImage),
            PerRequest = NullIfZero(standard.PerRequest),
            PerImageOutput = NullIfZero(standard.PerImageOutput),
            PerAudioMinute = NullIfZero(standard.PerAudioMinute),
            PerSearchUnit = NullIfZero(standard.PerSearchUnit),
            Batch = SheetOf(ServiceTier.Batch),
            Priority = SheetOf(ServiceTier.Priority),
            Flex = SheetOf(ServiceTier.Flex),
        };
        return price with { Version = PriceJson.VersionOf(price) };
    }

    private PriceSheet? SheetOf(ServiceTier service)
    {
        long[] thresholds = [.. charged.Keys.Where(key => key.Service == service).Select(key => key.AboveTokens).Distinct().Order()];
        return thresholds.Length == 0 ? null : new PriceSheet(RatesOf(service, 0))
        {
            Tiers = [.. thresholds.Where(above => above > 0).Select(above => new PriceTier(above, RatesOf(service, above)))],
        };
    }

    private PriceRates RatesOf(ServiceTier service, long above)
    {
        TokenPrice? Token(string unit) => charged.TryGetValue(new PriceKey(unit, service, above), out decimal usd)
            && TokenPrice.TryFromUsdPerMillion(usd * TokensPerMillion, out TokenPrice price) ? price : null;
        NanoUsd? Fee(string unit) => charged.TryGetValue(new PriceKey(unit, service, above), out decimal usd) ? NanoUsd.FromUsd(usd) : null;
        return new PriceRates
        {
            Input = Token(PriceKey.Input),
            Output = Token(PriceKey.Output),
            CachedInput = Token(PriceKey.CachedInput),
            CacheWrite5m = Token(PriceKey.CacheWrite5m),
            CacheWrite1h = Token(PriceKey.CacheWrite1h),
            AudioInput = Token(PriceKey.AudioInput),
            AudioOutput = Token(PriceKey.AudioOutput),
            Reasoning = Token(PriceKey.Reasoning),
            PerImage = Fee(PriceKey.PerImage),
            PerRequest = Fee(PriceKey.PerRequest),
            ImageInput = Token(PriceKey.ImageInput),
            ImageOutput = Token(PriceKey.ImageOutput),
            PerImageOutput = Fee(PriceKey.PerImageOutput),
            PerAudioMinute = Fee(PriceKey.PerAudioMinute),
            PerMillionCharacters = Token(PriceKey.PerCharacter),
            PerSearchUnit = Fee(PriceKey.PerSearchUnit),
        };
    }

    private static NanoUsd? NullIfZero(NanoUsd? fee) => fee == NanoUsd.Zero ? null : fee;

    private static PriceKey Base(string unit) => new(unit, ServiceTier.Standard, 0);
}
