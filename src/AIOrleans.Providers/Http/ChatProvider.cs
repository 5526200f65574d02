using System.Buffers;
using System.Net;
using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Providers.Http;

/// <summary>One attempt over HTTP. The simulated provider goes the same way, only that its requests never reach a socket.</summary>
internal sealed class ChatProvider(Upstreams upstreams, Endpoints endpoints, TimeProvider time, ILogger<ChatProvider> logger) : IChatProvider
{
    /// <summary>32 MiB: answers with audio are the largest, a few MiB.</summary>
    public const int AnswerBytesMax = 32 * 1024 * 1024;

    /// <summary>64 KiB: errors are sentences; HTML pages of a proxy may be cut.</summary>
    public const int ErrorBytesMax = 64 * 1024;

    /// <summary>First read of a stream; more than a chunk or two is rarely there.</summary>
    private const int FirstBytesMax = 4 * 1024;

    public async Task<AttemptResult> CallAsync(AttemptRequest request, CancellationToken cancellationToken)
    {
        AttemptTimer timer = new(request.Provider.Timeouts, time, cancellationToken);
        HttpResponseMessage? response = null;
        AttemptResult? result = null;
        try
        {
            HttpRequestMessage message = new(HttpMethod.Post, endpoints.ChatOf(request.Provider))
            {
                Version = HttpVersion.Version11,
                Content = new AttemptContent(request, timer),
            };
            RequestHeaders.Write(message, request);
            timer.Enter(AttemptStage.Connecting);
            response = await upstreams.For(request.Provider).SendAsync(message, timer.Token);
            result = await ReadAsync(request, response, timer);
        }
        catch (Exception exception) when (timer.IsCancelledBy(exception, cancellationToken))
        {
            throw new AttemptCancelledException(timer.WasSent, cancellationToken);
        }
        catch (Exception exception) when (FailureReader.TryRead(exception, request.Provider, timer, out AttemptFailure? failure))
        {
            result = new AttemptResult.Failed(failure);
        }
        finally
        {
            if (result is not AttemptResult.Streamed)
            {
                response?.Dispose();
                timer.Dispose();
            }
        }

        if (result is AttemptResult.Failed { Failure: var failed })
        {
            ProviderLog.AttemptFailed(logger, request.Provider.Name, request.Model, failed.Kind, failed.Status);
        }

        return result;
    }

    private async Task<AttemptResult> ReadAsync(AttemptRequest request, HttpResponseMessage response, AttemptTimer timer)
    {
        if (!response.IsSuccessStatusCode)
        {
            return new AttemptResult.Failed(await ReadBadStatusAsync(request.Provider, response, timer));
        }

        if (ResponseHeaders.IsEncoded(response))
        {
            return Garbage(request, timer, null);
        }

        return request.Streamed ? await ReadStreamAsync(request, response, timer) : await ReadAnswerAsync(request, response, timer);
    }

    private static async Task<AttemptResult> ReadAnswerAsync(AttemptRequest request, HttpResponseMessage response, AttemptTimer timer)
    {
        (byte[] body, bool isWhole) = await BoundedBody.ReadAsync(
            response.Content, AnswerBytesMax, () => timer.Enter(AttemptStage.Reading), timer.Token);
        if (!isWhole)
        {
            string message = FailureReader.MessageOf(FailureKind.TooLarge, request.Provider, timer);
            return new AttemptResult.Failed(new AttemptFailure(FailureKind.TooLarge, message) { MayBeBilled = true });
        }

        return AnswerReader.TryRead(body, request.Format) is { } chat
            ? new AttemptResult.Answered((int)response.StatusCode, ResponseHeaders.ContentTypeOf(response), ResponseHeaders.Read(response), body, chat)
            : Garbage(request, timer, ErrorOf(body));
    }

    /// <summary>Waits for the first bytes, so that a provider that sends headers and then nothing can still be replaced by another.</summary>
    private static async Task<AttemptResult> ReadStreamAsync(AttemptRequest request, HttpResponseMessage response, AttemptTimer timer)
    {
        string contentType = ResponseHeaders.ContentTypeOf(response);
        if (!contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            (byte[] body, _) = await BoundedBody.ReadAsync(response.Content, ErrorBytesMax, null, timer.Token);
            return Garbage(request, timer, ErrorOf(body));
        }

        Stream stream = await response.Content.ReadAsStreamAsync(timer.Token);
        byte[] first = ArrayPool<byte>.Shared.Rent(FirstBytesMax);
        int length = await stream.ReadAsync(first, timer.Token);
        if (length == 0)
        {
            ArrayPool<byte>.Shared.Return(first);
            return Garbage(request, timer, null);
        }

        timer.Rest();
        AnswerStream answer = new(request.Provider, response, stream, timer, first, length);
        return new AttemptResult.Streamed((int)response.StatusCode, contentType, ResponseHeaders.Read(response), answer);
    }

    private async Task<AttemptFailure> ReadBadStatusAsync(ProviderConfig provider, HttpResponseMessage response, AttemptTimer timer)
    {
        int status = (int)response.StatusCode;
        string message = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Provider '{provider.Name}' answered with status {status}.");
        byte[] body = status is 401 or 403 ? [] : await ReadErrorBodyAsync(provider, response, timer);
        return new AttemptFailure(FailureKind.BadStatus, message)
        {
            Status = status,
            Body = body,
            Error = ErrorOf(body),
            RetryAfter = ResponseHeaders.ReadRetryAfter(response, time.GetUtcNow()),

            // Refusals are not billed. A proxy that gave up waiting says nothing of the server behind it.
            MayBeBilled = status is 504 or 524,
        };
    }

    /// <summary>The body of a bad status. The status stands whatever becomes of it, so its failures do not matter.</summary>
    private static async Task<byte[]> ReadErrorBodyAsync(ProviderConfig provider, HttpResponseMessage response, AttemptTimer timer)
    {
        byte[] body;
        try
        {
            timer.Enter(AttemptStage.FirstByte);
            (body, _) = await BoundedBody.ReadAsync(response.Content, ErrorBytesMax, null, timer.Token);
        }
        catch (Exception exception) when (!timer.IsCancelledBy(exception, default) && FailureReader.TryRead(exception, provider, timer, out _))
        {
            return [];
        }

        // Some servers repeat the credentials that they refuse.
        bool hasKey = provider.ApiKey is { } key && body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(key.Reveal())) >= 0;
        return hasKey ? [] : body;
    }

    private static ChatError? ErrorOf(byte[] body) => OpenAiErrors.TryRead(body) is { } error ? OpenAiErrors.ToCanonical(error) : null;

    private static AttemptResult.Failed Garbage(AttemptRequest request, AttemptTimer timer, ChatError? error)
    {
        string message = FailureReader.MessageOf(FailureKind.Garbage, request.Provider, timer);
        return new AttemptResult.Failed(new AttemptFailure(FailureKind.Garbage, message) { Error = error, MayBeBilled = true });
    }
}
