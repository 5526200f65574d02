using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Configuration;

/// <summary>The price of a model in dollars per million tokens.</summary>
internal static class PriceJson
{
    /// <summary>Dollars per million tokens: a thousand times the dearest model known, and products with token counts stay within a long.</summary>
    private const decimal UsdPerMillionMax = 1_000_000;

    /// <summary>Largest fee per request, in dollars.</summary>
    private const long PerRequestUsdMax = 1_000;

    /// <summary>Hex characters of the hash that names a price.</summary>
    private const int VersionChars = 12;

    /// <summary>The property <c>price</c> of a model; null when absent.</summary>
    public static ModelPrice? Read(ObjectReader model)
    {
        if (model.Object("price") is not { } reader)
        {
            return null;
        }

        var price = new ModelPrice
        {
            Version = "",
            Input = ReadToken(reader, "inputPerMillion", required: true) ?? default,
            Output = ReadToken(reader, "outputPerMillion", required: true) ?? default,
            CachedInput = ReadToken(reader, "cachedInputPerMillion"),
            CacheWrite5m = ReadToken(reader, "cacheWrite5mPerMillion"),
            CacheWrite1h = ReadToken(reader, "cacheWrite1hPerMillion"),
            AudioInput = ReadToken(reader, "audioInputPerMillion"),
            AudioOutput = ReadToken(reader, "audioOutputPerMillion"),
            PerRequest = Dollars.Read(reader, "perRequest", PerRequestUsdMax) ?? NanoUsd.Zero,
        };
        reader.Finish();
        return price with { Version = VersionOf(price) };
    }

    /// <summary>Writes the numbers as one object; the version follows from them.</summary>
    public static void Write(Utf8JsonWriter writer, ModelPrice price)
    {
        writer.WriteStartObject();
        WriteToken(writer, "inputPerMillion", price.Input);
        WriteToken(writer, "cachedInputPerMillion", price.CachedInput);
        WriteToken(writer, "outputPerMillion", price.Output);
        WriteToken(writer, "cacheWrite5mPerMillion", price.CacheWrite5m);
        WriteToken(writer, "cacheWrite1hPerMillion", price.CacheWrite1h);
        WriteToken(writer, "audioInputPerMillion", price.AudioInput);
        WriteToken(writer, "audioOutputPerMillion", price.AudioOutput);
        if (price.PerRequest != NanoUsd.Zero)
        {
            writer.WriteNumber("perRequest", price.PerRequest.ToUsd());
        }

        writer.WriteEndObject();
    }

    /// <summary>Equal numbers, equal version: the hash of what <see cref="Write"/> writes, which is canonical.</summary>
    public static string VersionOf(ModelPrice price)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, price);
        }

        return string.Concat("p-", Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan)).AsSpan(0, VersionChars));
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

    private static void WriteToken(Utf8JsonWriter writer, string name, TokenPrice? price)
    {
        if (price is { } set)
        {
            writer.WriteNumber(name, set.ToUsdPerMillion());
        }
    }
}
