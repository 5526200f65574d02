using System.Buffers;
using System.IO.Pipelines;
using AIOrleans.Core.Denials;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 2: reads the body, bounded, and understands as much of it as the gateway needs; unknown fields stay in the bytes.</summary>
internal sealed class AcceptStep(IOptions<GatewayOptions> options, IOptions<QueueOptions> queueOptions)
{
    /// <summary>With <c>true</c>, parameters that the provider's protocol lacks are left out instead of refused.</summary>
    public const string DropParamsHeader = "x-aiorleans-drop-params";

    private readonly int bytesMax = options.Value.BodyBytesMax;
    private readonly TimeSpan queueWaitMax = queueOptions.Value.WaitMax;

    public async ValueTask<Denial?> RunAsync(Exchange exchange)
    {
        HttpRequest http = exchange.Http.Request;
        if (QueueWish.Read(http, queueWaitMax, out TimeSpan? queueWait) is { } mistaken)
        {
            return mistaken;
        }

        if (exchange.Route is { Format: WireFormat.Gemini, Address.Stream: true } && http.Query["alt"] != "sse")
        {
            return new Denial.Malformed("Streams are sent as server-sent events only: add '?alt=sse' to the address.", "alt", "unsupported_value");
        }

        exchange.QueueWait = queueWait;
        if (http.ContentLength > bytesMax)
        {
            return new Denial.BodyTooLarge(bytesMax);
        }

        if (await ReadBodyAsync(http.BodyReader, exchange.Http.RequestAborted) is not { } body)
        {
            return new Denial.BodyTooLarge(bytesMax);
        }

        await LongWork.LeaveFor(body.Length);
        exchange.DropsParams = DropsParams(http);
        switch (CallReader.Read(body, exchange.Route.Format, exchange.Route.Address, http.ContentType))
        {
            case (_, { } mistake):
                return new Denial.Malformed(mistake.Message, mistake.Param, mistake.Code);
            case ({ } request, _):
                exchange.Request = request;
                return null;
            default:
                throw new InvalidOperationException("A body is read or mistaken.");
        }
    }

    private static bool DropsParams(HttpRequest http) =>
        http.Headers.TryGetValue(DropParamsHeader, out StringValues values) && values.ToString().Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The whole body; null when it is larger than allowed.</summary>
    private async ValueTask<byte[]?> ReadBodyAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.Length > bytesMax)
            {
                reader.AdvanceTo(buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                byte[] body = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return body;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
