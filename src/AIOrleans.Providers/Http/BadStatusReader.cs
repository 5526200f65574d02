using System.Globalization;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers.Http.Wires;

namespace AIOrleans.Providers.Http;

/// <summary>Reads any status but 2xx.</summary>
internal static class BadStatusReader
{
    /// <summary>64 KiB: errors are sentences; HTML pages of a proxy may be cut.</summary>
    public const int ErrorBytesMax = 64 * 1024;

    /// <summary>How the attempt failed. Reads the body, as far as it comes.</summary>
    public static async Task<AttemptFailure> ReadAsync(
        ProviderConfig provider, ProviderWire wire, HttpResponseMessage response, AttemptTimer timer, DateTimeOffset now)
    {
        int told = (int)response.StatusCode;
        byte[] body = told is 401 or 403 ? [] : await ReadBodyAsync(provider, response, timer);
        int status = wire.MeaningOf(told, response.Headers, body);
        TimeSpan? retryAfter = ResponseHeaders.ReadRetryAfter(response, now) ?? wire.RetryAfterOf(body);

        // What a provider says of the gateway's credentials is not for clients.
        ChatError? error = status == told && body.Length > 0 ? wire.ErrorOf(status, response.Headers, body) : null;
        body = status == told ? body : [];
        return new AttemptFailure(FailureKind.BadStatus, MessageOf(provider, told, status))
        {
            Status = status,
            Body = body,
            Error = error,
            RetryAfter = retryAfter,

            // Refusals are not billed. A proxy that gave up waiting says nothing of the server behind it.
            MayBeBilled = status is 504 or 524,
        };
    }

    private static string MessageOf(ProviderConfig provider, int told, int status)
    {
        string meaning = status == told ? "" : status switch
        {
            401 => ", which refuses its API key",
            402 => ", which refuses the account of its API key",
            _ => string.Create(CultureInfo.InvariantCulture, $", which stands for {status}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"Provider '{provider.Name}' answered with status {told}{meaning}.");
    }

    /// <summary>The body of a bad status. The status stands whatever becomes of it, so its failures do not matter.</summary>
    private static async Task<byte[]> ReadBodyAsync(ProviderConfig provider, HttpResponseMessage response, AttemptTimer timer)
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

        return KeyEcho.IsIn(body, provider) ? [] : body;
    }
}
