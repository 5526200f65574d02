namespace AIOrleans.Core.Money.LiteLlm;

/// <summary>What the list's properties mean of models that make images, hear, speak or rank documents: the same property is another unit elsewhere.</summary>
/// <remarks>
/// A price by the second is told as input, as output, or as both, and is charged once: the dearer counts. Where images are charged by their tokens, prices by the image
/// are only what those come to.
/// </remarks>
internal static class ListedUnits
{
    private const int SecondsPerMinute = 60;

    private static readonly Dictionary<(string Mode, string Unit), string> Meanings = new()
    {
        [("audio_transcription", "input_cost_per_second")] = PriceKey.PerAudioMinute,
        [("audio_transcription", "output_cost_per_second")] = PriceKey.PerAudioMinute,
        [("audio_speech", "input_cost_per_character")] = PriceKey.PerCharacter,
        [("rerank", "input_cost_per_query")] = PriceKey.PerSearchUnit,
        [("image", "input_cost_per_image_token")] = PriceKey.ImageInput,
        [("image", "output_cost_per_image_token")] = PriceKey.ImageOutput,
        [("image", PriceKey.PerImage)] = PriceKey.PerImageOutput,
        [("image", "output_cost_per_image")] = PriceKey.PerImageOutput,
    };

    public static bool MakesImages(string mode) => mode is "image_generation" or "image_edit";

    /// <summary>The unit that <paramref name="unit"/> is charged as; itself where the mode says nothing of it.</summary>
    /// <param name="chargesTokens">True when the model has a price of tokens above zero.</param>
    public static string Of(string mode, bool chargesTokens, string unit)
    {
        if (!Meanings.TryGetValue((MakesImages(mode) ? "image" : mode, unit), out string? meaning))
        {
            return unit;
        }

        // Not charged, and told so.
        return meaning == PriceKey.PerImageOutput && chargesTokens ? "output_cost_per_image" : meaning;
    }

    /// <summary>The price of what is charged, of the list's price of its own unit.</summary>
    public static decimal Scale(string unit, decimal usd) => unit == PriceKey.PerAudioMinute ? usd * SecondsPerMinute : usd;
}
