using AIOrleans.Providers;

namespace AIOrleans.Gateway.Objects;

/// <summary>Cuts a running answer into lines.</summary>
/// <remarks>Not thread-safe. A line is valid until the next fill.</remarks>
internal sealed class LineBuffer(int lineBytesMax)
{
    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private bool isOver;

    /// <summary>True when a line was longer than allowed: it and what follows was not read.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Reads more.</summary>
    /// <returns>False when there is nothing more, and all lines were taken.</returns>
    public async Task<bool> FillAsync(AnswerStream body, CancellationToken cancellationToken)
    {
        if (isOver)
        {
            return false;
        }

        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            IsTooLong = buffer.Length >= lineBytesMax;
            if (IsTooLong)
            {
                return false;
            }

            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, lineBytesMax));
        }

        int length = await body.ReadAsync(buffer.AsMemory(end), cancellationToken);
        isOver = length == 0;
        end += length;
        return true;
    }

    /// <summary>The next whole line that is not empty, without its end.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        while (start < end)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0 && !isOver)
            {
                break;
            }

            line = buffer.AsMemory(start, length < 0 ? end - start : length);
            start += line.Length + (length < 0 ? 0 : 1);
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                return true;
            }
        }

        line = default;
        return false;
    }
}
