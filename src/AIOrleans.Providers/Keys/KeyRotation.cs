using System.Globalization;
using AIOrleans.Core.Health;
using AIOrleans.Providers.Http;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Providers.Keys;

/// <summary>Makes an attempt with one key after the other until one is not refused. Refusals are not billed, so it stays one attempt.</summary>
internal sealed class KeyRotation(ChatProvider chat, KeyRings rings, TimeProvider time, ILogger<KeyRotation> logger) : IChatProvider
{
    public async Task<AttemptResult> CallAsync(AttemptRequest request, CancellationToken cancellationToken)
    {
        KeyRing ring = rings.Of(request.Provider);
        if (ring.Count == 0)
        {
            return await chat.CallAsync(request, null, cancellationToken);
        }

        // Each key once, so that it ends however short a rest is.
        HashSet<ProviderKey>? tried = null;
        AttemptFailure? refused = null;
        while (ring.TryTake(request.Model, tried, time.GetUtcNow()) is { } key)
        {
            AttemptResult result = await chat.CallAsync(request, key.Secret, cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            if (result is not AttemptResult.Failed { Failure: var failure } || RestRule.For(failure, request.Model, now) is not { } rest)
            {
                return result;
            }

            if (ring.Refuse(key, new KeyRefusal(rest.Status, request.Model, now), rest))
            {
                LogRest(request, ring.PositionOf(key), rest);
            }

            refused = failure;
            (tried ??= []).Add(key);
        }

        return new AttemptResult.Failed(FailureOf(request, ring, refused));
    }

    /// <summary>What the attempt ends with when no key is left.</summary>
    /// <param name="refused">The last refusal; null when nothing was sent because all keys rest.</param>
    private AttemptFailure FailureOf(AttemptRequest request, KeyRing ring, AttemptFailure? refused)
    {
        if (refused is not null && ring.Count == 1)
        {
            return refused;
        }

        DateTimeOffset now = time.GetUtcNow();
        KeyRest? first = ring.FirstToEnd(request.Model, now);
        TimeSpan? wait = first is null ? null : first.Until - now;
        if (refused is not null)
        {
            string all = string.Create(CultureInfo.InvariantCulture, $" All {ring.Count} API keys were refused or rest.");
            return refused with { RetryAfter = wait, Message = refused.Message + all };
        }

        string message = string.Create(
            CultureInfo.InvariantCulture, $"All {ring.Count} API keys of provider '{request.Provider.Name}' rest after refusals, nothing was sent.");
        return new AttemptFailure(FailureKind.BadStatus, message) { Status = first?.Status ?? 429, RetryAfter = wait };
    }

    private void LogRest(AttemptRequest request, int position, KeyRest rest)
    {
        if (rest.Status == 429)
        {
            ProviderLog.KeyLimited(logger, request.Provider.Name, position, request.Model, rest.Until);
        }
        else
        {
            ProviderLog.KeyRefused(logger, request.Provider.Name, position, rest.Status, request.Model, rest.Until);
        }
    }
}
