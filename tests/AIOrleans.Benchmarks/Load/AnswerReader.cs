using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AIOrleans.Benchmarks.Load;

/// <summary>Puts one HTTP/1.1 answer together from what a socket brings, in as little time as it can: the generator shares the machine with what it measures.</summary>
internal sealed class AnswerReader
{
    private readonly ArrayBufferWriter<byte> body = new(2048);
    private byte[] pending = [];
    private bool hasHead;
    private bool isChunked;
    private bool isLastChunk;
    private long left;

    public int Status { get; private set; }

    public ReadOnlySpan<byte> Body => body.WrittenSpan;

    public bool IsComplete { get; private set; }

    public void Reset()
    {
        body.ResetWrittenCount();
        pending = [];
        hasHead = false;
        IsComplete = false;
        Status = 0;
    }

    /// <summary>Takes what arrived.</summary>
    /// <exception cref="FormatException">It is no HTTP.</exception>
    public void Append(ReadOnlySpan<byte> arrived)
    {
        if (pending.Length > 0)
        {
            arrived = (byte[])[.. pending, .. arrived];
            pending = [];
        }

        if (!hasHead)
        {
            int end = arrived.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                pending = arrived.ToArray();
                return;
            }

            ReadHead(arrived[..end]);
            arrived = arrived[(end + 4)..];
        }

        if (isChunked)
        {
            ReadChunks(arrived);
            return;
        }

        body.Write(arrived);
        left -= arrived.Length;
        IsComplete = left <= 0;
    }

    private void ReadHead(ReadOnlySpan<byte> head)
    {
        Status = int.Parse(Encoding.ASCII.GetString(head.Slice(9, 3)), CultureInfo.InvariantCulture);
        hasHead = true;
        isChunked = false;
        isLastChunk = false;
        left = 0;
        foreach (Range range in head.Split("\r\n"u8))
        {
            ReadOnlySpan<byte> line = head[range];
            if (StartsWith(line, "content-length:"u8))
            {
                Utf8Parser.TryParse(line[15..].Trim((byte)' '), out left, out _);
            }
            else if (StartsWith(line, "transfer-encoding:"u8))
            {
                isChunked = true;
            }
        }
    }

    /// <summary>Between calls <c>left</c> is what is missing of the chunk under way, its line end included; 0: a size comes next.</summary>
    private void ReadChunks(ReadOnlySpan<byte> arrived)
    {
        while (arrived.Length > 0)
        {
            if (left == 0)
            {
                int end = arrived.IndexOf("\r\n"u8);
                if (end < 0)
                {
                    pending = arrived.ToArray();
                    return;
                }

                if (!Utf8Parser.TryParse(arrived[..end], out left, out _, 'x'))
                {
                    throw new FormatException("A chunk has no size.");
                }

                // The last chunk is empty and has a line end too.
                isLastChunk = left == 0;
                left += 2;
                arrived = arrived[(end + 2)..];
                continue;
            }

            int taken = (int)Math.Min(left, arrived.Length);
            int text = (int)Math.Min(taken, Math.Max(0, left - 2));
            body.Write(arrived[..text]);
            left -= taken;
            arrived = arrived[taken..];
        }

        IsComplete = isLastChunk && left == 0;
    }

    private static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) => line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
