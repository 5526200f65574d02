using System.Buffers;
using System.Net;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Tokens;
using AIOrleans.Providers.Http.Wires;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Providers.Http;

/// <summary>One call over HTTP with one key. The simulated provider goes the same way, only that its requests never reach a socket.</summary>
internal sealed class ChatProvider(Upstreams upstreams, Endpoints endpoints, TimeProvider time, ILogger<ChatProvider> logger)
{
    /// <summary>32 MiB: answers with audio are the largest, a few MiB.</summary>
    public const int AnswerBytesMax = 32 * 1024 * 1024;

    /// <summary>128 MiB: ten large images in base64 are some 60 MiB.</summary>
    public const int ImagesBytesMax = 128 * 1024 * 1024;

    /// <summary>First read of a stream; more than a chunk or two is rarely there.</summary>
    private const int FirstBytesMax = 4 * 1024;

    /// <summary>As <see cref="IChatProvider.CallAsync"/>.</summary>
    /// <param name="key">Null when the endpoint wants none.</param>
    public async Task<AttemptResult> CallAsync(AttemptRequest request, Secret? key, CancellationToken cancellationToken)
    {
        ProviderWire wire = ProviderWires.Of(request.Provider);
        AttemptTimer timer = new(request.Provider.Timeouts, time, cancellationToken);
        HttpResponseMessage? response = null;
        AttemptResult? result = null;
        try
        {
            HttpRequestMessage message = new(HttpMethod.Post, endpoints.Of(request, wire))
            {
                Version = HttpVersion.Version11,
                Content = new AttemptContent(request, timer),
            };
            RequestHeaders.Write(message, request, wire, key);
            wire.Sign(message, request, time.GetUtcNow());
            timer.Enter(AttemptStage.Connecting);
            response = await upstreams.For(request.Provider).SendAsync(message, timer.Token);
            result = await ReadAsync(request, wire, response, timer);
        }
        catch (Exception exception) when (timer.IsCancelledBy(exception, cancellationToken))
        {
            throw new AttemptCancelledException(timer.WasSent && !request.CountsOnly, cancellationToken);
        }
        catch (Exception exception) when (FailureReader.TryRead(exception, request.Provider, timer, out AttemptFailure? failure))
        {
            result = new AttemptResult.Failed(failure);
        }
        finally
        {
            if (result is not (AttemptResult.Streamed or AttemptResult.Bytes))
            {
                response?.Dispose();
                timer.Dispose();
            }
        }

        if (result is AttemptResult.Failed { Failure: var failed })
        {
            ProviderLog.AttemptFailed(logger, request.Provider.Name, request.Model, failed.Kind, failed.Status);

            // Counting costs nothing.
            return request.CountsOnly ? new AttemptResult.Failed(failed with { MayBeBilled = false }) : result;
        }

        return result;
    }

    private async Task<AttemptResult> ReadAsync(AttemptRequest request, ProviderWire wire, HttpResponseMessage response, AttemptTimer timer)
    {
        if (!response.IsSuccessStatusCode)
        {
            return new AttemptResult.Failed(await BadStatusReader.ReadAsync(request.Provider, wire, response, timer, time.GetUtcNow()));
        }

        if (ResponseHeaders.IsEncoded(response))
        {
            return Garbage(request, timer, default);
        }

        return request is { Streamed: true, CountsOnly: false } or { AnswersBytes: true }
            ? await ReadStreamAsync(request, wire, response, timer)
            : await ReadAnswerAsync(request, wire, response, timer);
    }

    private static async Task<AttemptResult> ReadAnswerAsync(AttemptRequest request, ProviderWire wire, HttpResponseMessage response, AttemptTimer timer)
    {
        (byte[] body, bool isWhole) = await BoundedBody.ReadAsync(
            response.Content, request.Format.MakesImages() ? ImagesBytesMax : AnswerBytesMax, () => timer.Enter(AttemptStage.Reading), timer.Token);
        if (!isWhole)
        {
            string message = FailureReader.MessageOf(FailureKind.TooLarge, request.Provider, timer);
            return new AttemptResult.Failed(new AttemptFailure(FailureKind.TooLarge, message) { MayBeBilled = true });
        }

        await LongWork.LeaveFor(body.Length);
        int status = (int)response.StatusCode;
        string contentType = ResponseHeaders.ContentTypeOf(response);
        if (request.CountsOnly)
        {
            return TokenCount.TryRead(body, request.Format) is { } tokens
                ? new AttemptResult.Counted(status, contentType, ResponseHeaders.Read(response, wire), body, tokens)
                : Garbage(request, timer, body);
        }

        return AnswerReader.TryRead(body, request.Format, TokenFamilies.Of(request.Model, request.Provider.Kind), contentType) is { } chat
            ? new AttemptResult.Answered(status, contentType, ResponseHeaders.Read(response, wire), body, chat)
            : Garbage(request, timer, body);
    }

    /// <summary>Waits for the first bytes, so that a provider that sends headers and then nothing can still be replaced by another.</summary>
    private static async Task<AttemptResult> ReadStreamAsync(AttemptRequest request, ProviderWire wire, HttpResponseMessage response, AttemptTimer timer)
    {
        string contentType = ResponseHeaders.ContentTypeOf(response);
        if (!IsAskedFor(contentType, request, wire))
        {
            (byte[] body, _) = await BoundedBody.ReadAsync(response.Content, BadStatusReader.ErrorBytesMax, null, timer.Token);
            return Garbage(request, timer, body);
        }

        Stream stream = wire.ToText(await response.Content.ReadAsStreamAsync(timer.Token));
        contentType = wire.StreamType == ProviderWire.TextStream ? contentType : ProviderWire.TextStream;
        byte[] first = ArrayPool<byte>.Shared.Rent(FirstBytesMax);
        int length = await stream.ReadAsync(first, timer.Token);
        if (length == 0)
        {
            ArrayPool<byte>.Shared.Return(first);
            return Garbage(request, timer, default);
        }

        timer.Rest();
        AnswerStream answer = new(request.Provider, response, stream, timer, first, length);
        IReadOnlyList<KeyValuePair<string, string>> headers = ResponseHeaders.Read(response, wire);
        return request.AnswersBytes
            ? new AttemptResult.Bytes((int)response.StatusCode, contentType.Length == 0 ? "application/octet-stream" : contentType, headers, answer)
            : new AttemptResult.Streamed((int)response.StatusCode, contentType, headers, answer);
    }

    /// <summary>A file can be of any type but those that errors have.</summary>
    private static bool IsAskedFor(string contentType, AttemptRequest request, ProviderWire wire)
    {
        bool Is(string type) => contentType.StartsWith(type, StringComparison.OrdinalIgnoreCase);
        return request.AnswersBytes ? !Is("application/json") && !Is("text/") : Is(wire.StreamType);
    }

    /// <summary>Some servers send their errors with a good status.</summary>
    private static AttemptResult.Failed Garbage(AttemptRequest request, AttemptTimer timer, ReadOnlyMemory<byte> body)
    {
        string message = FailureReader.MessageOf(FailureKind.Garbage, request.Provider, timer);
        ChatError? error = KeyEcho.IsIn(body.Span, request.Provider) ? null : ErrorReader.TryRead(body, null);
        return new AttemptResult.Failed(new AttemptFailure(FailureKind.Garbage, message) { Error = error, MayBeBilled = true });
    }
}
