namespace AIOrleans.Gateway.Objects;

/// <summary>Several streams read one after the other as one. Owns them.</summary>
internal sealed class ChainedStream(params Stream[] parts) : Stream
{
    private int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (; at < parts.Length; at++)
        {
            int length = await parts[at].ReadAsync(buffer, cancellationToken);
            if (length > 0)
            {
                return length;
            }
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is only read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Array.ForEach(parts, part => part.Dispose());
        }

        base.Dispose(disposing);
    }
}
