using System.Buffers.Binary;

namespace AIOrleans.Protocols.OpenAi.Media;

/// <summary>How long a sound file plays, from its size: nobody decodes it here.</summary>
internal static class AudioLength
{
    /// <summary>Sounds that are not in the body (some servers take an address) count as the largest file that OpenAI takes, 25 MiB.</summary>
    public const long UnseenBytes = 25 * 1024 * 1024;

    /// <summary>8 kbit/s: speech at a lower rate is hardly understood, and services refuse it. One byte then plays a millisecond.</summary>
    private const long BytesPerMillisecondMin = 1;

    /// <summary>64 kbit/s: what most recordings of speech have.</summary>
    private const long BytesPerMillisecondUsual = 8;

    /// <summary>Up to the byte rate of a RIFF header.</summary>
    private const int WaveHeadBytes = 32;

    /// <summary>The longest that so many bytes can play.</summary>
    public static long MillisecondsMax(long bytes) => bytes / BytesPerMillisecondMin;

    /// <summary>What it will probably be: as a WAVE file says itself, else at a usual rate.</summary>
    public static long MillisecondsLikely(ReadOnlySpan<byte> file, long bytes)
    {
        bool isWave = file.Length >= WaveHeadBytes && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WAVEfmt "u8);
        long bytesPerSecond = isWave ? BinaryPrimitives.ReadUInt32LittleEndian(file[28..]) : 0;
        long likely = bytesPerSecond > 0 ? ((bytes * 1_000) + bytesPerSecond - 1) / bytesPerSecond : (bytes + BytesPerMillisecondUsual - 1) / BytesPerMillisecondUsual;
        return Math.Min(likely, MillisecondsMax(bytes));
    }
}
