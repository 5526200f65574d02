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

        string model = RatedModelOf(request);

        // Each key once, so that it ends however short a rest is.
        HashSet<ProviderKey>? tried = null;
        AttemptFailure? refused = null;
        while (ring.TryTake(model, tried, time.GetUtcNow()) is { } key)
        {
            AttemptResult result = await chat.CallAsync(request, key.Secret, cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            if (result is not AttemptResult.Failed { Failure: var failure } || RestRule.For(failure, model, now) is not { } rest)
            {
                return result;
            }

            if (ring.Refuse(key, new KeyRefusal(rest.Status, model, now), rest))
            {
                LogRest(request.Provider.Name, ring.PositionOf(key), model, rest);
            }

            refused = failure;
            (tried ??= []).Add(key);
        }

        return new AttemptResult.Failed(FailureOf(request.Provider.Name, model, ring, refused));
    }

    /// <summary>What the attempt ends with when no key is left.</summary>
    /// <param name="refused">The last refusal; null when nothing was sent because all keys rest.</param>
    private AttemptFailure FailureOf(string provider, string model, KeyRing ring, AttemptFailure? refused)
    {
        if (refused is not null && ring.Count == 1)
        {
            return refused;
        }

        DateTimeOffset now = time.GetUtcNow();
        KeyRest? first = ring.FirstToEnd(model, now);
        TimeSpan? wait = first is null ? null : first.Until - now;
        if (refused is not null)
        {
            string all = string.Create(CultureInfo.InvariantCulture, $" All {ring.Count} API keys were refused or rest.");
            return refused with { RetryAfter = wait, Message = refused.Message + all };
        }

        string message = string.Create(
            CultureInfo.InvariantCulture, $"All {ring.Count} API keys of provider '{provider}' rest after refusals, nothing was sent.");
        return new AttemptFailure(FailureKind.BadStatus, message) { Status = first?.Status ?? 429, RetryAfter = wait };
    }

    /// <summary>What limits are of: counting tokens has rates of its own, which say nothing of answers.</summary>
    private static string RatedModelOf(AttemptRequest request) => request.CountsOnly ? request.Model + ":count" : request.Model;

    private void LogRest(string provider, int position, string model, KeyRest rest)
    {
        if (rest.Status == 429)
        {
            ProviderLog.KeyLimited(logger, provider, position, model, rest.Until);
        }
        else
        {
            ProviderLog.KeyRefused(logger, provider, position, rest.Status, model, rest.Until);
        }
    }
}
