using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Gateway.Flow;

/// <summary>What a call of images, audio or documents used: what its provider told, what follows from the request, and guesses of what is charged and nobody told.</summary>
internal static class MediaCharge
{
    private const long MillisecondsPerSecond = 1_000;

    /// <summary>Bytes of text in one token. Source: OpenAI's rule of thumb of four characters per token.</summary>
    private const int BytesPerToken = 4;

    /// <summary>Audio heard in one token. Source: OpenAI's prices of transcription by the minute and by the token, a thousand tokens a minute.</summary>
    private const long MillisecondsPerToken = 60;

    /// <summary>Usage of one attempt, and whether some of what it is charged by had to be guessed.</summary>
    /// <param name="price">Null: none.</param>
    public static (TokenUsage Usage, bool IsEstimate) UsageOf(Exchange exchange, AttemptRecord attempt, ModelPrice? price, HoldSize room)
    {
        CallFacts request = exchange.Request;
        bool isUntold = attempt.Usage is null;
        UsageUnits likely = request.LikelyUnits;
        TokenUsage usage = (attempt.Usage ?? default) with { Images = request.ImageCount, Characters = likely.Characters };
        bool isEstimate = isUntold;
        if (isUntold)
        {
            usage = usage with { ImagesMade = likely.ImagesMade };
        }

        if (usage.AudioMilliseconds == 0 && likely.AudioMilliseconds > 0 && (isUntold || Charges(price, static rates => rates.PerAudioMinute?.Value)))
        {
            usage = usage with { AudioMilliseconds = AudioOf(exchange, likely) };
            isEstimate = true;
        }

        if (usage.SearchUnits == 0 && likely.SearchUnits > 0 && (isUntold || Charges(price, static rates => rates.PerSearchUnit?.Value)))
        {
            usage = usage with { SearchUnits = likely.SearchUnits };
            isEstimate = true;
        }

        if (usage.Total == 0 && ChargesTokens(price))
        {
            return (WithTokens(exchange, attempt, usage, room), true);
        }

        return (usage, isEstimate);
    }

    private static long AudioOf(Exchange exchange, in UsageUnits likely) =>
        exchange.Model.AudioSecondsMax is { } seconds ? Math.Min(likely.AudioMilliseconds, seconds * MillisecondsPerSecond) : likely.AudioMilliseconds;

    /// <summary>Tokens that were not told, within what is held.</summary>
    private static TokenUsage WithTokens(Exchange exchange, AttemptRecord attempt, in TokenUsage usage, HoldSize room)
    {
        CallFacts request = exchange.Request;
        long input = Math.Min(InputOf(exchange, usage), room.Tokens);
        long left = room.Tokens - input;
        switch (request.Format)
        {
            case WireFormat.OpenAiSpeech:
                // A token of speech is some two thirds of a character.
                return usage with { UncachedInput = input, AudioOutput = Math.Min((usage.Characters * 3 / 2) + 1, left) };
            case WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations:
                return usage with { AudioInput = input, Output = Math.Min(attempt.OutputTokens, left) };
            default:
                // How long an image gets depends on its size and quality, which each model calls differently: the longest is held and counted.
                return usage with { UncachedInput = input, ImageOutput = Math.Min(usage.ImagesMade * exchange.Model.OutputTokensMax, left) };
        }
    }

    private static long InputOf(Exchange exchange, in TokenUsage usage) => exchange.Request.Format switch
    {
        WireFormat.OpenAiSpeech => (exchange.Request.TextBytes + BytesPerToken - 1) / BytesPerToken,
        WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations =>
            ((usage.AudioMilliseconds > 0 ? usage.AudioMilliseconds : AudioOf(exchange, exchange.Request.LikelyUnits)) + MillisecondsPerToken - 1) / MillisecondsPerToken,
        _ => exchange.Plan.ExpectedInputTokens,
    };

    private static bool ChargesTokens(ModelPrice? price) =>
        Charges(price, static rates => rates.Input?.MicroUsdPerMillion) || Charges(price, static rates => rates.Output?.MicroUsdPerMillion)
        || Charges(price, static rates => rates.AudioInput?.MicroUsdPerMillion) || Charges(price, static rates => rates.AudioOutput?.MicroUsdPerMillion)
        || Charges(price, static rates => rates.ImageInput?.MicroUsdPerMillion) || Charges(price, static rates => rates.ImageOutput?.MicroUsdPerMillion);

    private static bool Charges(ModelPrice? price, Func<PriceRates, long?> rateOf) => price is not null && price.Charges(rateOf);
}
