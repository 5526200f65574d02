using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <summary>The two buckets of one account: requests and tokens per minute. Either may be absent.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RateLimiter
{
    private readonly AccountId account;
    private TokenBucket? requests;
    private TokenBucket? tokens;
    private LimitsConfig limits;
    private int multiplierPerMille = TokenBucket.UnscaledPerMille;

    /// <param name="saved">Levels to go on from; a bucket without one starts full.</param>
    public RateLimiter(AccountId account, LimitsConfig limits, BucketLevels? saved, DateTimeOffset now)
    {
        this.account = account;
        this.limits = limits;
        requests = Open(limits.RequestBurst, limits.RequestsPerMinute, saved?.RequestsMicro, saved, now);
        tokens = Open(limits.TokenBurst, limits.TokensPerMinute, saved?.TokensMicro, saved, now);
    }

    public bool HasBuckets => requests is not null || tokens is not null;

    /// <summary>Follows new limits. A bucket that stays keeps its level; a new one starts full.</summary>
    public void Configure(LimitsConfig newLimits, DateTimeOffset now)
    {
        limits = newLimits;
        requests = Reopen(requests, newLimits.RequestBurst, newLimits.RequestsPerMinute, now);
        tokens = Reopen(tokens, newLimits.TokenBurst, newLimits.TokensPerMinute, now);
    }

    /// <summary>Scales refills from now on, if the account is adaptive.</summary>
    public void Adapt(int rateMultiplierPerMille, DateTimeOffset now)
    {
        multiplierPerMille = rateMultiplierPerMille;
        Configure(limits, now);
    }

    /// <summary>Adds the buckets without room for one request of <paramref name="expectedTokens"/>.</summary>
    /// <param name="isAtRest">No call in flight can give tokens back.</param>
    public void AddRefusals(ref RefusalDraft draft, long expectedTokens, bool isAtRest, DateTimeOffset now)
    {
        if (requests is not null && !requests.Fits(1, now))
        {
            draft.Add(FactsOf(requests, LimitKind.RequestsPerMinute, 1, now), isSure: true);
        }

        if (tokens is not null && !tokens.Fits(expectedTokens, now))
        {
            draft.Add(FactsOf(tokens, LimitKind.TokensPerMinute, expectedTokens, now), isAtRest);
        }
    }

    /// <summary>A rate as it is now for a call of <paramref name="expectedTokens"/>; null when there is none of that kind.</summary>
    public LimitFacts? FactsOf(LimitKind kind, long expectedTokens, DateTimeOffset now) => kind == LimitKind.RequestsPerMinute
        ? requests is null ? null : FactsOf(requests, kind, 1, now)
        : tokens is null ? null : FactsOf(tokens, kind, expectedTokens, now);

    /// <summary>Until so many requests could have been taken one after the other; zero without a bucket.</summary>
    public TimeSpan RefillTimeOfRequests(long count, DateTimeOffset now) => HeadroomLine.Bounded(requests is null ? TimeSpan.Zero : requests.RefillTime(count, now));

    /// <summary>Until so many tokens could have been taken one after the other; zero without a bucket.</summary>
    public TimeSpan RefillTimeOfTokens(long count, DateTimeOffset now) => HeadroomLine.Bounded(tokens is null ? TimeSpan.Zero : tokens.RefillTime(count, now));

    /// <summary>Takes what <see cref="AddRefusals"/> found room for.</summary>
    /// <returns>What was taken: 0 from a bucket that does not exist.</returns>
    public (int Requests, long Tokens) Take(long expectedTokens, DateTimeOffset now)
    {
        requests?.TryTake(1, now);
        tokens?.TryTake(expectedTokens, now);
        return (requests is null ? 0 : 1, tokens is null ? 0 : expectedTokens);
    }

    /// <summary>Adds the token bucket when it has no room for <paramref name="moreTokens"/> of a call that has its request already.</summary>
    public void AddTokenRefusal(ref RefusalDraft draft, long moreTokens, DateTimeOffset now)
    {
        // Never sure: the call itself may give tokens back.
        if (tokens is not null && !tokens.Fits(moreTokens, now))
        {
            draft.Add(FactsOf(tokens, LimitKind.TokensPerMinute, moreTokens, now), isSure: false);
        }
    }

    /// <summary>Takes more tokens for a call in flight, into debt if need be.</summary>
    /// <returns>What was taken: 0 without a bucket.</returns>
    public long TakeMore(long moreTokens, DateTimeOffset now)
    {
        tokens?.Correct(moreTokens, now);
        return tokens is null ? 0 : moreTokens;
    }

    /// <summary>What could be taken now, in whole requests and tokens; null without such a bucket.</summary>
    public (long? Requests, long? Tokens) Available(DateTimeOffset now) => (requests?.Available(now), tokens?.Available(now));

    /// <summary>Takes what <see cref="Available"/> has shown for several requests.</summary>
    /// <returns>What was taken: 0 from a bucket that does not exist.</returns>
    public (int Requests, long Tokens) TakeMany(int count, long expectedTokens, DateTimeOffset now)
    {
        requests?.Correct(count, now);
        tokens?.Correct(expectedTokens, now);
        return (requests is null ? 0 : count, tokens is null ? 0 : expectedTokens);
    }

    /// <summary>True when one request of <paramref name="expectedTokens"/> would fit if so much came back first.</summary>
    public bool CouldFit(long expectedTokens, long requestsBack, long tokensBack, DateTimeOffset now) =>
        CouldFit(requests, 1, requestsBack, now) && CouldFit(tokens, expectedTokens, tokensBack, now);

    public void GiveBack(int requestsTaken, long tokensTaken, DateTimeOffset now)
    {
        requests?.Correct(-requestsTaken, now);
        tokens?.Correct(-tokensTaken, now);
    }

    /// <summary>Replaces what was taken by what was used; the request stays taken.</summary>
    /// <returns>True when that lowered the bucket.</returns>
    public bool Settle(long tokensTaken, long tokensUsed, DateTimeOffset now)
    {
        tokens?.Correct(tokensUsed - tokensTaken, now);
        return tokens is not null && tokensUsed > tokensTaken;
    }

    public HeadroomLine? RequestsLine(DateTimeOffset now) => LineOf(requests, now);

    public HeadroomLine? TokensLine(DateTimeOffset now) => LineOf(tokens, now);

    public BucketLevels Levels(long epoch, long sequence, DateTimeOffset now)
    {
        long? requestsMicro = requests?.LevelMicro(now);
        long? tokensMicro = tokens?.LevelMicro(now);

        // A caller whose clock is behind reads a level of later: dated earlier, it would be refilled for that time twice.
        DateTimeOffset at = Later(requests, Later(tokens, now));
        return new BucketLevels(account, epoch, sequence, requestsMicro, tokensMicro, at);
    }

    public IReadOnlyList<BucketLive> ViewAt(DateTimeOffset now)
    {
        var buckets = new List<BucketLive>(2);
        AddView(buckets, requests, LimitKind.RequestsPerMinute, now);
        AddView(buckets, tokens, LimitKind.TokensPerMinute, now);
        return buckets;
    }

    private static bool CouldFit(TokenBucket? bucket, long asked, long back, DateTimeOffset now) =>
        bucket is null || (asked <= bucket.Capacity && asked * TokenBucket.MicroPerToken <= bucket.LevelMicro(now) + (back * TokenBucket.MicroPerToken));

    /// <summary>The name of a rate within its account, as the configuration writes it.</summary>
    private static string NameOf(LimitKind kind) => kind == LimitKind.RequestsPerMinute ? "requestsPerMinute" : "tokensPerMinute";

    private static HeadroomLine? LineOf(TokenBucket? bucket, DateTimeOffset now) => bucket is null
        ? null
        : new HeadroomLine(bucket.Capacity, bucket.Available(now), HeadroomLine.Bounded(bucket.TimeUntil(bucket.Capacity, now)));

    private static void AddView(List<BucketLive> buckets, TokenBucket? bucket, LimitKind kind, DateTimeOffset now)
    {
        if (bucket is not null)
        {
            buckets.Add(new BucketLive(
                NameOf(kind), bucket.Capacity, bucket.TokensPerMinute, bucket.RateMultiplierPerMille, bucket.LevelMicro(now),
                bucket.TimeUntil(bucket.Capacity, now)));
        }
    }

    private static DateTimeOffset Later(TokenBucket? bucket, DateTimeOffset now) => bucket is not null && bucket.At > now ? bucket.At : now;

    private int EffectivePerMille => limits.Adaptive ? multiplierPerMille : TokenBucket.UnscaledPerMille;

    private LimitFacts FactsOf(TokenBucket bucket, LimitKind kind, long asked, DateTimeOffset now)
    {
        QuotaMetric metric = kind == LimitKind.RequestsPerMinute ? QuotaMetric.Requests : QuotaMetric.Tokens;
        long used = bucket.Capacity - FloorTokens(bucket.LevelMicro(now));
        DateTimeOffset? fullAt = bucket.TimeUntil(bucket.Capacity, now) is { } wait && wait < HeadroomLine.NeverResets ? now + wait : null;
        return new LimitFacts(account, kind, NameOf(kind), metric, used, 0, bucket.Capacity, asked, bucket.TimeUntil(asked, now), fullAt);
    }

    private static long FloorTokens(long levelMicro) =>
        (levelMicro >= 0 ? levelMicro : levelMicro - TokenBucket.MicroPerToken + 1) / TokenBucket.MicroPerToken;

    private TokenBucket? Open(long? burst, long? perMinute, long? savedMicro, BucketLevels? saved, DateTimeOffset now)
    {
        if (perMinute is not { } rate)
        {
            return null;
        }

        // A level saved by a clock ahead of ours refills nothing until we are there too; never sooner.
        return savedMicro is { } level && saved is not null
            ? TokenBucket.Saved(burst ?? rate, rate, level, saved.At, EffectivePerMille)
            : TokenBucket.Full(burst ?? rate, rate, now, EffectivePerMille);
    }

    private TokenBucket? Reopen(TokenBucket? bucket, long? burst, long? perMinute, DateTimeOffset now)
    {
        if (bucket is null || perMinute is not { } rate)
        {
            return Open(burst, perMinute, null, null, now);
        }

        bucket.Configure(burst ?? rate, rate, EffectivePerMille, now);
        return bucket;
    }
}
