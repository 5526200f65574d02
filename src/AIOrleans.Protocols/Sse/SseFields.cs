using System.Buffers;

namespace AIOrleans.Protocols.Sse;

/// <summary>The fields of the block that <see cref="SseReader"/> is reading, as places in its buffer.</summary>
/// <remarks>One data line, the usual case, is never copied; several are joined in a rented buffer.</remarks>
internal sealed class SseFields : IDisposable
{
    private int dataLines;
    private int dataStart;
    private int dataLength;
    private int nameStart;
    private int nameLength;
    private byte[] joined = [];

    /// <summary>Takes the line at <paramref name="lineStart"/>..<paramref name="lineEnd"/>; comments and unknown fields mean nothing.</summary>
    public void Add(byte[] buffer, int lineStart, int lineEnd)
    {
        ReadOnlySpan<byte> line = buffer.AsSpan(lineStart, lineEnd - lineStart);
        int colon = line.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
        int value = colon < 0 ? line.Length : colon + 1;
        if (value < line.Length && line[value] == (byte)' ')
        {
            value++;
        }

        if (name.SequenceEqual("data"u8))
        {
            AddData(buffer, lineStart + value, lineEnd);
        }
        else if (name.SequenceEqual("event"u8))
        {
            nameStart = lineStart + value;
            nameLength = lineEnd - nameStart;
        }
    }

    /// <summary>The event of these fields; they are empty afterwards.</summary>
    public SseEvent ToEvent(byte[] buffer, int start, int length)
    {
        ReadOnlyMemory<byte> data = dataLines > 1 ? joined.AsMemory(0, dataLength) : buffer.AsMemory(dataStart, dataLength);
        SseEvent result = new(buffer.AsMemory(start, length), data, buffer.AsMemory(nameStart, nameLength), dataLines > 0);
        dataLines = dataStart = dataLength = nameStart = nameLength = 0;
        return result;
    }

    /// <summary>The buffer's content moved by <paramref name="bytes"/>.</summary>
    public void Move(int bytes)
    {
        dataStart += dataLines > 0 ? bytes : 0;
        nameStart += nameLength > 0 ? bytes : 0;
    }

    public void Dispose()
    {
        if (joined.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(joined);
            joined = [];
        }
    }

    private void AddData(byte[] buffer, int start, int end)
    {
        dataLines++;
        if (dataLines == 1)
        {
            (dataStart, dataLength) = (start, end - start);
            return;
        }

        if (dataLines == 2)
        {
            Reserve(dataLength, keep: 0);
            buffer.AsSpan(dataStart, dataLength).CopyTo(joined);
        }

        int length = end - start;
        Reserve(dataLength + 1 + length, keep: dataLength);
        joined[dataLength] = (byte)'\n';
        buffer.AsSpan(start, length).CopyTo(joined.AsSpan(dataLength + 1));
        dataLength += 1 + length;
    }

    private void Reserve(int length, int keep)
    {
        if (joined.Length >= length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, joined.Length * 2));
        joined.AsSpan(0, keep).CopyTo(larger);
        Dispose();
        joined = larger;
    }
}
