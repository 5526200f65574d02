using System.Buffers;
using System.Net;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;
using AIOrleans.Providers.Http;
using AIOrleans.Providers.Http.Wires;
using AIOrleans.Providers.Keys;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Providers.Objects;

/// <summary>Calls over HTTP about objects.</summary>
internal sealed class ObjectProvider(Upstreams upstreams, KeyRings rings, TimeProvider time, ILogger<ObjectProvider> logger) : IObjectProvider
{
    /// <summary>What the limits of a key are of: those of objects are no model's.</summary>
    private const string RatedModel = ":objects";

    /// <summary>8 MiB: a page of a hundred objects with their metadata is below one.</summary>
    private const int AnswerBytesMax = 8 * 1024 * 1024;

    private const int FirstBytesMax = 16 * 1024;

    public async Task<ObjectResult> CallAsync(ObjectCall call, CancellationToken cancellationToken)
    {
        KeyRing ring = rings.Of(call.Provider);
        if (ring.Count == 0)
        {
            return await CallAsync(call, null, cancellationToken);
        }

        HashSet<ProviderKey> tried = [];
        ObjectResult.Failed? refused = null;
        while (ring.TryTake(RatedModel, tried, time.GetUtcNow()) is { } key)
        {
            ObjectResult result = await CallAsync(call, key.Secret, cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            if (result is not ObjectResult.Failed failed || RestRule.For(failed.Failure, RatedModel, now) is not { } rest)
            {
                return result;
            }

            ring.Refuse(key, new KeyRefusal(rest.Status, RatedModel, now), rest);
            refused = failed;
            tried.Add(key);
        }

        string message = $"All API keys of provider '{call.Provider.Name}' rest after refusals, nothing was sent.";
        return refused ?? new ObjectResult.Failed(new AttemptFailure(FailureKind.BadStatus, message) { Status = 429 });
    }

    private async Task<ObjectResult> CallAsync(ObjectCall call, Secret? key, CancellationToken cancellationToken)
    {
        ProviderWire wire = ProviderWires.Of(call.Provider);
        AttemptTimer timer = new(call.Provider.Timeouts, time, cancellationToken);
        HttpResponseMessage? response = null;
        ObjectResult? result = null;
        try
        {
            HttpRequestMessage message = new(call.Method, wire.ObjectAddressOf(call.Provider, call.Path, call.Query))
            {
                Version = HttpVersion.Version11,
                Content = call.Body is { } body ? new ObjectContent(body, timer) : null,
            };
            message.Headers.TryAddWithoutValidation("accept", call.AnswersBytes ? "*/*" : "application/json");
            message.Headers.TryAddWithoutValidation("user-agent", "AIOrleans");
            if (key is not null)
            {
                wire.Authorize(message.Headers, key);
            }

            timer.Enter(call.Body is null ? AttemptStage.FirstByte : AttemptStage.Connecting);
            response = await upstreams.For(call.Provider).SendAsync(message, timer.Token);
            result = await ReadAsync(call, wire, response, timer);
        }
        catch (Exception exception) when (timer.IsCancelledBy(exception, cancellationToken))
        {
            throw new AttemptCancelledException(timer.WasSent, cancellationToken);
        }
        catch (Exception exception) when (FailureReader.TryRead(exception, call.Provider, timer, out AttemptFailure? failure))
        {
            result = new ObjectResult.Failed(failure);
        }
        finally
        {
            if (result is not ObjectResult.Bytes)
            {
                response?.Dispose();
                timer.Dispose();
            }
        }

        if (result is ObjectResult.Failed { Failure: var failed })
        {
            ProviderLog.AttemptFailed(logger, call.Provider.Name, call.Path, failed.Kind, failed.Status);
        }

        return result;
    }

    private async Task<ObjectResult> ReadAsync(ObjectCall call, ProviderWire wire, HttpResponseMessage response, AttemptTimer timer)
    {
        if (!response.IsSuccessStatusCode)
        {
            return new ObjectResult.Failed(await BadStatusReader.ReadAsync(call.Provider, wire, response, timer, time.GetUtcNow()));
        }

        string contentType = ResponseHeaders.ContentTypeOf(response);
        if (ResponseHeaders.IsEncoded(response))
        {
            return Garbage(call, timer);
        }

        if (call.AnswersBytes)
        {
            Stream stream = await response.Content.ReadAsStreamAsync(timer.Token);
            byte[] first = ArrayPool<byte>.Shared.Rent(FirstBytesMax);
            int length = await stream.ReadAsync(first, timer.Token);
            timer.Rest();
            AnswerStream answer = new(call.Provider, response, stream, timer, first, length);
            return new ObjectResult.Bytes((int)response.StatusCode, contentType.Length == 0 ? "application/octet-stream" : contentType, answer);
        }

        (byte[] body, bool isWhole) = await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, () => timer.Enter(AttemptStage.Reading), timer.Token);
        return isWhole && contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            ? new ObjectResult.Answered((int)response.StatusCode, contentType, body)
            : Garbage(call, timer);
    }

    private static ObjectResult.Failed Garbage(ObjectCall call, AttemptTimer timer) =>
        new(new AttemptFailure(FailureKind.Garbage, FailureReader.MessageOf(FailureKind.Garbage, call.Provider, timer)) { MayBeBilled = true });
}
