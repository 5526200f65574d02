using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Journal;

/// <summary>A record as one line of text: its checksum as eight hexadecimal digits, a space, JSON, a line feed.</summary>
internal static class JournalLine
{
    /// <summary>Eight digits, a space, at least <c>{}</c>.</summary>
    private const int LengthMin = 11;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        IgnoreReadOnlyProperties = true,
    };

    public static byte[] Of(JournalRecord record)
    {
        JournalBody body = record switch
        {
            JournalRecord.Held held => new JournalBody { Hold = HoldBody.Of(held.Hold) },
            JournalRecord.Settled settled => new JournalBody { Events = [.. settled.Events.Select(EventBody.Of)] },
            _ => throw new ArgumentException($"A journal has no {record.GetType().Name}.", nameof(record)),
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        string checksum = ChecksumOf(json).ToString("x8", CultureInfo.InvariantCulture);
        return [.. Encoding.ASCII.GetBytes(checksum), (byte)' ', .. json, (byte)'\n'];
    }

    /// <summary>Reads a line without its line feed; null when it is not what was written.</summary>
    public static JournalRecord? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length < LengthMin || line[8] != ' '
            || !uint.TryParse(line[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint checksum) || checksum != ChecksumOf(line[9..]))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<JournalBody>(line[9..], Json)?.ToRecord();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            // Whole, and yet not ours: another version has written it.
            return null;
        }
    }

    /// <summary>CRC-32C, which finds every burst of up to 32 bits. Source: RFC 3720 appendix B.4.</summary>
    private static uint ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        int whole = bytes.Length & ~7;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes[..whole]))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte rest in bytes[whole..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
