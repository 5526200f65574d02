using System.Buffers;
using System.Net;
using AIOrleans.Providers.Http;

namespace AIOrleans.Providers.Objects;

/// <summary>Sends a body piece by piece; each piece that the provider takes begins the wait for its answer anew, so that a long upload is no silence.</summary>
internal sealed class ObjectContent : HttpContent
{
    private const int PieceBytes = 64 * 1024;

    private readonly ObjectBody body;
    private readonly AttemptTimer timer;

    public ObjectContent(ObjectBody body, AttemptTimer timer)
    {
        this.body = body;
        this.timer = timer;
        Headers.TryAddWithoutValidation("Content-Type", body.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        timer.Enter(AttemptStage.FirstByte);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            await using Stream source = body.Open();
            int length;
            while ((length = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
                timer.Enter(AttemptStage.FirstByte);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
