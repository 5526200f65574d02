using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Configuration;

/// <summary>The rates of one service tier, with those above lengths of the prompt.</summary>
internal static partial class PriceSheetJson
{
    /// <summary>Dollars per million tokens: a thousand times the dearest model known, and products with token counts stay within a long.</summary>
    public const decimal UsdPerMillionMax = 1_000_000;

    /// <summary>Largest fee per request or image, in dollars.</summary>
    public const long PerUnitUsdMax = 1_000;

    private const long TokensPerK = 1_000;

    /// <summary>Prices of calls whose tokens may be free, or not even counted.</summary>
    private static readonly HashSet<string> ByThePiece = new(StringComparer.Ordinal) { "perImageOutput", "perAudioMinute", "perMillionCharacters", "perSearchUnit" };

    /// <param name="isWhole">True when input and output must be said; otherwise all may be left to what is below.</param>
    public static PriceSheet Read(ObjectReader reader, bool isWhole) => new(ReadRates(reader, isWhole)) { Tiers = [.. ReadTiers(reader)] };

    /// <summary>The sheet of a service; null when absent.</summary>
    public static PriceSheet? ReadService(ObjectReader price, string name)
    {
        if (price.Object(name) is not { } reader)
        {
            return null;
        }

        PriceSheet sheet = Read(reader, isWhole: false);
        FinishPart(reader);
        return sheet;
    }

    public static void WriteService(Utf8JsonWriter writer, string name, PriceSheet? sheet)
    {
        if (sheet is not null)
        {
            writer.WriteStartObject(name);
            WriteMembers(writer, sheet);
            writer.WriteEndObject();
        }
    }

    /// <summary>Writes what is said; the order is part of the version, and later members come after earlier ones.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, PriceSheet sheet)
    {
        WriteRates(writer, sheet);
        foreach (PriceTier tier in sheet.Tiers)
        {
            writer.WriteStartObject(string.Create(CultureInfo.InvariantCulture, $"above{tier.AbovePromptTokens / TokensPerK}k"));
            WriteRates(writer, tier.Rates);
            writer.WriteEndObject();
        }
    }

    private static PriceRates ReadRates(ObjectReader reader, bool isWhole)
    {
        // What is charged by the piece alone need not say that its tokens are free.
        bool hasTokens = isWhole && !reader.Names.Any(ByThePiece.Contains);
        PriceRates rates = ReadSaid(reader, isWhole, hasTokens);
        return isWhole ? rates with { Input = rates.Input ?? default(TokenPrice), Output = rates.Output ?? default(TokenPrice) } : rates;
    }

    private static PriceRates ReadSaid(ObjectReader reader, bool isWhole, bool hasTokens) => new()
    {
        Input = ReadToken(reader, "inputPerMillion", hasTokens),
        Output = ReadToken(reader, "outputPerMillion", hasTokens),
        CachedInput = ReadToken(reader, "cachedInputPerMillion"),
        CacheWrite5m = ReadToken(reader, "cacheWrite5mPerMillion"),
        CacheWrite1h = ReadToken(reader, "cacheWrite1hPerMillion"),
        AudioInput = ReadToken(reader, "audioInputPerMillion"),
        AudioOutput = ReadToken(reader, "audioOutputPerMillion"),
        Reasoning = ReadToken(reader, "reasoningPerMillion"),
        PerImage = NullIfZero(Dollars.Read(reader, "perImage", PerUnitUsdMax), isWhole),
        PerRequest = NullIfZero(Dollars.Read(reader, "perRequest", PerUnitUsdMax), isWhole),
        ImageInput = ReadToken(reader, "imageInputPerMillion"),
        ImageOutput = ReadToken(reader, "imageOutputPerMillion"),
        PerImageOutput = NullIfZero(Dollars.Read(reader, "perImageOutput", PerUnitUsdMax), isWhole),
        PerAudioMinute = NullIfZero(Dollars.Read(reader, "perAudioMinute", PerUnitUsdMax), isWhole),
        PerMillionCharacters = ReadToken(reader, "perMillionCharacters"),
        PerSearchUnit = NullIfZero(Dollars.Read(reader, "perSearchUnit", PerUnitUsdMax), isWhole),
    };

    private static IEnumerable<PriceTier> ReadTiers(ObjectReader reader)
    {
        var tiers = new List<PriceTier>();
        foreach (string name in reader.Names.Where(name => Threshold().IsMatch(name)))
        {
            if (reader.Object(name) is not { } tier)
            {
                continue;
            }

            PriceRates rates = ReadRates(tier, isWhole: false);
            FinishPart(tier);
            long above = long.Parse(name.AsSpan("above".Length, name.Length - "above".Length - 1), NumberStyles.None, CultureInfo.InvariantCulture);
            tiers.Add(new PriceTier(above * TokensPerK, rates));
        }

        if (tiers.Count > PriceSheet.TiersMax)
        {
            reader.Mistakes.Add(reader.Path, $"must have at most {PriceSheet.TiersMax} tiers, not {tiers.Count}.");
        }

        return tiers.OrderBy(tier => tier.AbovePromptTokens);
    }

    // Nothing is the same as zero where there is nothing below that a zero could replace: equal prices, equal version.
    private static NanoUsd? NullIfZero(NanoUsd? amount, bool isWhole) => isWhole && amount == NanoUsd.Zero ? null : amount;

    /// <summary>Within a tier or a service everything may be left out, but not everything at once.</summary>
    private static void FinishPart(ObjectReader reader)
    {
        if (reader.IsObject && !reader.Names.Any())
        {
            reader.Mistakes.Add(reader.Path, "is empty; say what differs, or leave it out.");
        }

        reader.Finish();
    }

    private static TokenPrice? ReadToken(ObjectReader reader, string name, bool required = false)
    {
        if (reader.Number(name, 0, UsdPerMillionMax, required) is not { } usdPerMillion)
        {
            return null;
        }

        if (TokenPrice.TryFromUsdPerMillion(usdPerMillion, out TokenPrice price))
        {
            return price;
        }

        reader.Report(name, "must have at most six decimals (micro-dollars per million tokens).");
        return null;
    }

    private static void WriteRates(Utf8JsonWriter writer, PriceRates rates)
    {
        WriteToken(writer, "inputPerMillion", rates.Input);
        WriteToken(writer, "cachedInputPerMillion", rates.CachedInput);
        WriteToken(writer, "outputPerMillion", rates.Output);
        WriteToken(writer, "cacheWrite5mPerMillion", rates.CacheWrite5m);
        WriteToken(writer, "cacheWrite1hPerMillion", rates.CacheWrite1h);
        WriteToken(writer, "audioInputPerMillion", rates.AudioInput);
        WriteToken(writer, "audioOutputPerMillion", rates.AudioOutput);
        WriteAmount(writer, "perRequest", rates.PerRequest);
        WriteToken(writer, "reasoningPerMillion", rates.Reasoning);
        WriteAmount(writer, "perImage", rates.PerImage);
        WriteToken(writer, "imageInputPerMillion", rates.ImageInput);
        WriteToken(writer, "imageOutputPerMillion", rates.ImageOutput);
        WriteAmount(writer, "perImageOutput", rates.PerImageOutput);
        WriteAmount(writer, "perAudioMinute", rates.PerAudioMinute);
        WriteToken(writer, "perMillionCharacters", rates.PerMillionCharacters);
        WriteAmount(writer, "perSearchUnit", rates.PerSearchUnit);
    }

    private static void WriteToken(Utf8JsonWriter writer, string name, TokenPrice? price)
    {
        if (price is { } set)
        {
            writer.WriteNumber(name, set.ToUsdPerMillion());
        }
    }

    private static void WriteAmount(Utf8JsonWriter writer, string name, NanoUsd? amount)
    {
        if (amount is { } set)
        {
            writer.WriteNumber(name, set.ToUsd());
        }
    }

    // A thousand thousands and more are no context that any model has.
    [GeneratedRegex("^above[1-9][0-9]{0,5}k$", RegexOptions.CultureInvariant)]
    private static partial Regex Threshold();
}
