using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>What was settled once: one line of the model's ledger.</summary>
internal readonly record struct ModelEvent(DateTimeOffset At, SettledUsage Used);

/// <summary>A hold of the model, with what it took from the buckets.</summary>
internal sealed record ModelHold(HoldAsk Ask, long TokensTaken, int RequestsTaken, DateTimeOffset LeaseUntil);

/// <summary>One account as the specification says it, without any cleverness: it keeps every event and adds them all up for each question.</summary>
internal sealed class ModelAccount(AccountConfig config, TimeZoneInfo zone, DateTimeOffset now)
{
    private ModelBucket? requests = ModelBucket.Load(config.Limits.RequestBurst, config.Limits.RequestsPerMinute, null, null, now);
    private ModelBucket? tokens = ModelBucket.Load(config.Limits.TokenBurst, config.Limits.TokensPerMinute, null, null, now);

    public AccountConfig Config { get; private set; } = config;

    public List<ModelEvent> Events { get; } = [];

    public Dictionary<HoldId, ModelHold> Holds { get; } = [];

    public (long? RequestsMicro, long? TokensMicro) Levels => (requests?.LevelMicro, tokens?.LevelMicro);

    public bool Fits(in HoldAsk ask, DateTimeOffset at)
    {
        Reach(at);
        foreach (QuotaConfig quota in Config.Limits.Quotas)
        {
            bool enforced = quota.Mode is QuotaMode.Strict or QuotaMode.Expected;
            if (enforced && Asked(quota, ask) is { } asked && NewestSettled(quota, at) + Held(quota) + asked > quota.Amount)
            {
                return false;
            }
        }

        return (Config.Limits.Concurrent is not { } max || Holds.Count < max)
            && (requests is null || requests.Fits(1)) && (tokens is null || tokens.Fits(ask.Expected.Tokens));
    }

    public void Hold(in HoldAsk ask)
    {
        requests?.Take(1);
        tokens?.Take(ask.Expected.Tokens);
        Holds.Add(ask.Id, new ModelHold(ask, tokens is null ? 0 : ask.Expected.Tokens, requests is null ? 0 : 1, ask.LeaseUntil));
    }

    /// <summary>Whether a hold could be as large as <paramref name="grown"/>: what it asks more must fit, and what it asks no more of cannot refuse it.</summary>
    public bool FitsMore(in HoldAsk grown, ExtendReason reason, DateTimeOffset at)
    {
        Reach(at);
        HoldAsk held = Holds[grown.Id].Ask;
        foreach (QuotaConfig quota in Config.Limits.Quotas)
        {
            bool mayRefuse = quota.Mode == QuotaMode.Strict || (quota.Mode == QuotaMode.Expected && (quota.CutOff || reason == ExtendReason.Attempt));
            long more = (Asked(quota, grown) ?? 0) - (Asked(quota, held) ?? 0);
            if (mayRefuse && more > 0 && NewestSettled(quota, at) + Held(quota) + more > quota.Amount)
            {
                return false;
            }
        }

        long moreTokens = grown.Expected.Tokens - held.Expected.Tokens;
        return reason == ExtendReason.Stream || moreTokens == 0 || tokens is null || tokens.Fits(moreTokens);
    }

    /// <summary>Makes a hold another size, and takes or gives back tokens for the difference.</summary>
    public void Resize(in HoldAsk resized)
    {
        ModelHold hold = Holds[resized.Id];
        long more = resized.Expected.Tokens - hold.Ask.Expected.Tokens;
        more = more < 0 ? -Math.Min(-more, hold.TokensTaken) : tokens is null ? 0 : more;
        tokens?.Take(more);
        Holds[resized.Id] = hold with { Ask = resized with { LeaseUntil = hold.Ask.LeaseUntil }, TokensTaken = hold.TokensTaken + more };
    }

    public void Undo(HoldId id, DateTimeOffset at)
    {
        if (Holds.Remove(id, out ModelHold? hold))
        {
            Reach(at);
            requests?.Take(-hold.RequestsTaken);
            tokens?.Take(-hold.TokensTaken);
        }
    }

    public void Settle(HoldId id, in SettledUsage used, DateTimeOffset settledAt, DateTimeOffset at)
    {
        Reach(at);
        tokens?.Take(used.Used.Tokens - Holds[id].TokensTaken);
        Holds.Remove(id);
        Events.Add(new ModelEvent(settledAt, used));
    }

    public void Configure(AccountConfig newConfig, DateTimeOffset at)
    {
        Config = newConfig;
        requests = ModelBucket.Follow(requests, newConfig.Limits.RequestBurst, newConfig.Limits.RequestsPerMinute, at);
        tokens = ModelBucket.Follow(tokens, newConfig.Limits.TokenBurst, newConfig.Limits.TokensPerMinute, at);
    }

    /// <summary>Forgets what a new activation cannot know: buckets are as they were saved last.</summary>
    public void Reload(BucketLevels? saved, DateTimeOffset at)
    {
        requests = ModelBucket.Load(Config.Limits.RequestBurst, Config.Limits.RequestsPerMinute, saved?.RequestsMicro, saved, at);
        tokens = ModelBucket.Load(Config.Limits.TokenBurst, Config.Limits.TokensPerMinute, saved?.TokensMicro, saved, at);
        foreach ((HoldId id, ModelHold hold) in Holds.ToArray())
        {
            Holds[id] = hold with
            {
                TokensTaken = saved?.TokensMicro is null ? 0 : hold.Ask.Expected.Tokens,
                RequestsTaken = saved?.RequestsMicro is null ? 0 : 1,
            };
        }
    }

    public void Reach(DateTimeOffset at)
    {
        requests?.Reach(at);
        tokens?.Reach(at);
    }

    public long Held(QuotaConfig quota) => Holds.Values.Sum(hold => Asked(quota, hold.Ask) ?? 0);

    /// <summary>Everything settled in the period of <paramref name="at"/>.</summary>
    public long Settled(QuotaConfig quota, DateTimeOffset at)
    {
        PeriodBounds bounds = CalendarPeriod.Of(quota.Period, at, zone);
        return Events.Where(one => one.At >= bounds.StartsAt && one.At < bounds.EndsAt).Sum(one => Counted(quota, one.Used));
    }

    // A call asked at this instant may be settled now or later: the fullest of those periods decides.
    private long NewestSettled(QuotaConfig quota, DateTimeOffset at)
    {
        DateTimeOffset end = CalendarPeriod.EndOf(quota.Period, at, zone);
        long later = Events.Where(one => one.At >= end)
            .GroupBy(one => CalendarPeriod.StartOf(quota.Period, one.At, zone))
            .Select(period => period.Sum(one => Counted(quota, one.Used)))
            .DefaultIfEmpty(0)
            .Max();
        return Math.Max(Settled(quota, at), later);
    }

    private static long? Asked(QuotaConfig quota, in HoldAsk ask)
    {
        HoldSize size = quota.Mode is QuotaMode.Strict or QuotaMode.Shadow ? ask.Worst : ask.Expected;
        return quota.Metric switch
        {
            QuotaMetric.Requests => 1,
            QuotaMetric.Tokens => size.Tokens,
            QuotaMetric.Cost => size.Cost.Value,
            _ => ask.Operation == quota.Operation ? 1 : null,
        };
    }

    private static long Counted(QuotaConfig quota, in SettledUsage used) => quota.Metric switch
    {
        QuotaMetric.Requests => used.Requests,
        QuotaMetric.Tokens => used.Used.Tokens,
        QuotaMetric.Cost => used.Used.Cost.Value,
        _ => used.Operation == quota.Operation ? used.Requests : 0,
    };
}
