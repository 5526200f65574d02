using System.Buffers;
using System.Text;

namespace AIOrleans.Providers.Bedrock;

/// <summary>Bedrock's binary event stream as text of server-sent events, so that it is read like every other: the frame's type as <c>event</c>, its payload as <c>data</c>.</summary>
/// <remarks>Holds nothing back: a frame is handed on with the read that completes it. Only asynchronous reads. Not thread-safe.</remarks>
internal sealed class EventStreamText(Stream frames) : Stream
{
    /// <summary>Frames of a few words come one by one.</summary>
    private const int ReadBytes = 8 * 1024;

    /// <summary>Text of whole frames that was not handed on yet.</summary>
    private readonly ArrayBufferWriter<byte> text = new(1024);
    private int handedOn;

    /// <summary>Bytes of frames that are not complete.</summary>
    private byte[] buffer = new byte[ReadBytes];
    private int length;

    /// <summary>Thrown when everything before it was handed on.</summary>
    private HttpIOException? failure;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <returns>Bytes of text; 0 when the stream ended behind a whole frame.</returns>
    /// <exception cref="HttpIOException">A frame is malformed, too large or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken = default)
    {
        while (text.WrittenCount == handedOn && !target.IsEmpty)
        {
            if (failure is not null)
            {
                throw failure;
            }

            text.ResetWrittenCount();
            handedOn = 0;
            Reserve();
            int read = await frames.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return length == 0 ? 0 : throw new HttpIOException(HttpRequestError.ResponseEnded, "The event stream ends within a frame.");
            }

            length += read;
            Take();
        }

        int count = Math.Min(target.Length, text.WrittenCount - handedOn);
        text.WrittenMemory.Slice(handedOn, count).CopyTo(target);
        handedOn += count;
        return count;
    }

    public override int Read(byte[] target, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            frames.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Room for the next read; a frame is never larger than <see cref="EventFrame.BytesMax"/>, and neither is the buffer for long.</summary>
    private void Reserve()
    {
        if (buffer.Length == length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    /// <summary>Turns every frame that is complete into text.</summary>
    private void Take()
    {
        int at = 0;
        try
        {
            while (EventFrame.LengthOf(buffer.AsSpan(at, length - at)) is { } frame && frame <= length - at)
            {
                if (EventFrame.Read(buffer.AsMemory(at, frame)) is { } told)
                {
                    Write(told);
                }

                at += frame;
            }
        }
        catch (HttpIOException malformed)
        {
            failure = malformed;
        }

        buffer.AsSpan(at, length - at).CopyTo(buffer);
        length -= at;
    }

    private void Write(EventFrame frame)
    {
        text.Write("event: "u8);
        Encoding.UTF8.GetBytes(frame.Name, text);
        ReadOnlySpan<byte> rest = frame.Payload.Span;
        int end;
        do
        {
            // JSON may have ends of lines between its members; each line needs its own field.
            end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            text.Write("\ndata: "u8);
            text.Write(end < 0 ? rest : rest[..end]);
            rest = rest[(end + 1)..];
        }
        while (end >= 0);

        text.Write("\n\n"u8);
    }
}
