using System.Buffers;

namespace AIOrleans.Protocols.Sse;

/// <summary>Cuts a byte stream into server-sent events, however it was chunked, and keeps each event's bytes.</summary>
/// <remarks>
/// <para>Write chunks into it (<see cref="GetMemory"/> and <see cref="Advance"/>, or <see cref="Append"/>), then read events until there is no more.
/// The events are the same for every chunking. Their <see cref="SseEvent.Raw"/> put together are the stream.</para>
/// <para>Not thread-safe. Source: WHATWG HTML, "Server-sent events", §9.2.5 and §9.2.6.</para>
/// </remarks>
public sealed class SseReader : IBufferWriter<byte>, IDisposable
{
    /// <summary>1 MiB: audio deltas are the largest events seen, around 100 KiB.</summary>
    public const int EventBytesMaxDefault = 1024 * 1024;

    /// <summary>A chunk of text is some 300 bytes, so that idle streams need no more.</summary>
    private const int BufferBytesInitial = 8 * 1024;

    /// <summary>Free space below which it is worth moving bytes.</summary>
    private const int ReadBytesMin = 2 * 1024;

    private readonly int eventBytesMax;
    private readonly SseFields fields = new();
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytesInitial);

    /// <summary>First byte of the block being read; invariant: 0 ≤ start ≤ end ≤ buffer.Length.</summary>
    private int start;
    private int end;

    /// <summary>Start of the current line and how far it is known to have no end, both from <see cref="start"/>.</summary>
    private int line;
    private int searched;

    private bool isFirstLine = true;
    private bool lastWasBareCr;
    private bool mayStartWithLf;

    public SseReader(int eventBytesMax = EventBytesMaxDefault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(eventBytesMax, 16);
        this.eventBytesMax = eventBytesMax;
    }

    /// <summary>Bytes of an event that is not complete yet.</summary>
    public ReadOnlyMemory<byte> Remainder => buffer.AsMemory(start, end - start);

    /// <summary>Room for the next chunk. Invalidates events read before.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return buffer.AsMemory(end);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Length - end);
        end += count;
    }

    /// <summary>Copies a chunk in.</summary>
    public void Append(ReadOnlySpan<byte> chunk) => this.Write(chunk);

    /// <summary>The next complete event.</summary>
    /// <exception cref="SseEventTooLargeException">Give the stream up: the reader is of no more use.</exception>
    public bool TryRead(out SseEvent next)
    {
        SkipSplitTerminator();
        ReadOnlySpan<byte> block = buffer.AsSpan(start, end - start);
        while (TryFindLineEnd(block, out int lineEnd, out int nextLine))
        {
            if (lineEnd == line)
            {
                next = Take(nextLine);
                return true;
            }

            fields.Add(buffer, start + line, start + lineEnd);
            line = searched = nextLine;
        }

        ThrowIfTooLarge(block.Length);
        next = default;
        return false;
    }

    /// <summary>After the end of the stream: what was left without its blank line, read as if it had one. Lenient, as some servers end so.</summary>
    /// <returns>False when the stream ended cleanly.</returns>
    public bool TryReadLast(out SseEvent last)
    {
        SkipSplitTerminator();
        int length = end - start;
        if (length == 0)
        {
            last = default;
            return false;
        }

        SkipByteOrderMark(buffer.AsSpan(start, length));
        int lineEnd = buffer[end - 1] == (byte)'\r' ? length - 1 : length;
        if (lineEnd > line)
        {
            fields.Add(buffer, start + line, start + lineEnd);
        }

        last = Take(length);
        return true;
    }

    /// <summary>Gives the buffers back; events read before are invalid then.</summary>
    public void Dispose()
    {
        byte[] rented = buffer;
        buffer = [];
        start = end = line = searched = 0;
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        fields.Dispose();
    }

    /// <summary>Where the current line ends and the next begins. Decides by the bytes alone, never by where a chunk ended.</summary>
    private bool TryFindLineEnd(ReadOnlySpan<byte> block, out int lineEnd, out int nextLine)
    {
        nextLine = 0;
        int found = block[searched..].IndexOfAny((byte)'\r', (byte)'\n');
        lineEnd = searched + found;
        if (found < 0)
        {
            searched = block.Length;
            return false;
        }

        SkipByteOrderMark(block);
        if (block[lineEnd] == (byte)'\n')
        {
            lastWasBareCr = false;
            nextLine = lineEnd + 1;
            return true;
        }

        // A stream whose lines end in CR alone must not wait for a byte after the blank line: it comes with the next event only.
        if (lineEnd == line && lastWasBareCr)
        {
            mayStartWithLf = true;
            nextLine = lineEnd + 1;
            return true;
        }

        if (lineEnd + 1 == block.Length)
        {
            searched = lineEnd;
            return false;
        }

        lastWasBareCr = block[lineEnd + 1] != (byte)'\n';
        nextLine = lineEnd + (lastWasBareCr ? 1 : 2);
        return true;
    }

    private void SkipByteOrderMark(ReadOnlySpan<byte> block)
    {
        if (isFirstLine)
        {
            isFirstLine = false;
            line = block.StartsWith("\uFEFF"u8) ? 3 : 0;
        }
    }

    private void SkipSplitTerminator()
    {
        if (mayStartWithLf && start < end)
        {
            mayStartWithLf = false;
            line = searched = buffer[start] == (byte)'\n' ? 1 : 0;
        }
    }

    private SseEvent Take(int length)
    {
        ThrowIfTooLarge(length);
        SseEvent taken = fields.ToEvent(buffer, start, length);
        start += length;
        line = searched = 0;
        return taken;
    }

    private void ThrowIfTooLarge(int length)
    {
        if (length > eventBytesMax)
        {
            throw new SseEventTooLargeException(eventBytesMax);
        }
    }

    private void MakeRoom(int sizeHint)
    {
        int length = end - start;
        if (length == 0)
        {
            start = end = 0;
        }

        int wanted = Math.Max(sizeHint, ReadBytesMin);
        if (buffer.Length - end >= wanted)
        {
            return;
        }

        byte[] target = buffer;
        if (buffer.Length - length < wanted)
        {
            target = ArrayPool<byte>.Shared.Rent(Math.Max(length + wanted, buffer.Length * 2));
        }

        buffer.AsSpan(start, length).CopyTo(target);
        fields.Move(-start);
        if (target != buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = target;
        }

        (start, end) = (0, length);
    }
}
