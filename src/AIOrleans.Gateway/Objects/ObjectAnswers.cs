using AIOrleans.Core.Denials;
using AIOrleans.Core.Ledger;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow;
using AIOrleans.Providers;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Objects;

/// <summary>Gives answers about objects to clients.</summary>
internal static class ObjectAnswers
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Sends JSON.</summary>
    /// <param name="provider">Who keeps the object; null where several may.</param>
    public static async Task SendAsync(Exchange exchange, ReadOnlyMemory<byte> body, string? provider)
    {
        ClientAnswer.Begin(exchange, StatusCodes.Status200OK, "application/json", []);
        if (provider is not null)
        {
            exchange.Http.Response.Headers["x-aiorleans-provider"] = provider;
        }

        exchange.Http.Response.ContentLength = body.Length;
        await exchange.Http.Response.Body.WriteAsync(body, exchange.Http.RequestAborted);
    }

    /// <summary>A failure as the client is told it: its own mistakes in the provider's words, the gateway's trouble at the provider in ours.</summary>
    /// <param name="missing">What a 404 means.</param>
    public static Denial DenialOf(Exchange exchange, AttemptFailure failure, Denial? missing)
    {
        switch (failure)
        {
            case { Kind: FailureKind.BadStatus, Status: 404 } when missing is not null:
                return missing;
            case { Kind: FailureKind.BadStatus, Status: 400 or 404 or 409 or 413 or 415 or 422 }:
                exchange.Fail(400, FailedBy.Client);
                return new Denial.Malformed(failure.Error?.Message ?? "The provider refused the request.", failure.Error?.Param, failure.Error?.Code);
            default:
                int status = failure switch
                {
                    { Kind: FailureKind.FirstByteTimeout or FailureKind.IdleTimeout or FailureKind.ConnectTimeout } => 504,
                    { Kind: FailureKind.BadStatus, Status: 429 or 503 } => 503,
                    _ => 502,
                };
                exchange.Fail(status, FailedBy.Provider);
                return new Denial.ProviderFailed(status, status == 503 ? "The provider is overloaded." : "The provider gave no usable answer.", failure.RetryAfter ?? RetryAfter);
        }
    }
}
