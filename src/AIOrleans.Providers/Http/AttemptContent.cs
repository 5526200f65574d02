using System.Net;
using System.Net.Http.Headers;

namespace AIOrleans.Providers.Http;

/// <summary>The request's body. That it is asked for tells that a connection stands, which is when the wait for the answer begins.</summary>
internal sealed class AttemptContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly AttemptTimer timer;

    public AttemptContent(AttemptRequest request, AttemptTimer timer)
    {
        Request = request;
        this.timer = timer;
        if (request.ContentType is { } form)
        {
            // As the client wrote it: its boundary is within the body.
            Headers.TryAddWithoutValidation("Content-Type", form);
        }
        else
        {
            Headers.ContentType = Json;
        }
    }

    /// <summary>For providers in this process, which need no socket to read it.</summary>
    public AttemptRequest Request { get; }

    /// <summary>Begins the wait for the answer.</summary>
    public void MarkSent() => timer.Enter(AttemptStage.FirstByte);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        MarkSent();
        await stream.WriteAsync(Request.Body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Request.Body.Length;
        return true;
    }
}
