using System.Buffers.Binary;
using System.Numerics;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>What one batch leaves in the log: generation (8 bytes), number within it (4), length of the records (4), checksum (4), records. Little-endian.</summary>
/// <remarks>A frame that was not written whole, or belongs to another generation, is none; so is everything behind it.</remarks>
internal static class LogFrame
{
    public const int HeadBytes = 20;

    private const int LengthAt = 12;
    private const int SumAt = 16;

    /// <summary>Fills in the head of <paramref name="frame"/>, whose records are in place.</summary>
    public static void Seal(Span<byte> frame, long generation, int number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(frame, generation);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], number);
        BinaryPrimitives.WriteInt32LittleEndian(frame[LengthAt..], frame.Length - HeadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[SumAt..], SumOf(frame));
    }

    /// <summary>The frame that <paramref name="bytes"/> begin with; empty when it is not the one asked for, or damaged.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes, long generation, int number)
    {
        if (bytes.Length < HeadBytes
            || BinaryPrimitives.ReadInt64LittleEndian(bytes) != generation
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) != number)
        {
            return [];
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]);
        if (length < 0 || length > bytes.Length - HeadBytes)
        {
            return [];
        }

        ReadOnlySpan<byte> frame = bytes[..(HeadBytes + length)];
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[SumAt..]) == SumOf(frame) ? frame : [];
    }

    /// <summary>CRC-32C of everything but the checksum itself.</summary>
    private static uint SumOf(ReadOnlySpan<byte> frame) => Sum(Sum(uint.MaxValue, frame[..SumAt]), frame[HeadBytes..]);

    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return sum;
    }
}

/// <summary>The frames of one generation, up to the first that is not whole.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> frames, long generation)
{
    private ReadOnlySpan<byte> rest = frames;

    /// <summary>Frames read.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    public int Length { get; private set; }

    public bool TryRead(out LogReader records)
    {
        ReadOnlySpan<byte> frame = LogFrame.Find(rest, generation, Count);
        records = new LogReader(frame.IsEmpty ? frame : frame[LogFrame.HeadBytes..]);
        rest = rest[frame.Length..];
        Length += frame.Length;
        Count += frame.IsEmpty ? 0 : 1;
        return !frame.IsEmpty;
    }
}
