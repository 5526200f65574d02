using AIOrleans.Core.Ledger;

namespace AIOrleans.Grains.Requests;

/// <summary>The usage events of holds whose request cannot tell its own usage.</summary>
internal static class HoldEvents
{
    /// <summary>Ends a hold whose call was never made: nothing is charged.</summary>
    public static UsageEvent GivenBack(DurableHold hold, DateTimeOffset now) => EventOf(hold, requests: 0, default, estimated: false, status: 503, now);

    /// <summary>Ends a hold whose silo died: the most that it can have used is charged, until the truth should still come.</summary>
    public static UsageEvent Estimated(DurableHold hold, DateTimeOffset now) => EventOf(hold, requests: 1, hold.Worst, estimated: true, status: 500, now);

    private static UsageEvent EventOf(DurableHold hold, int requests, HoldSize used, bool estimated, int status, DateTimeOffset now) => new()
    {
        HoldId = hold.Id,
        Attempt = 1,
        Path = [.. hold.Grants.Select(grant => grant.Account)],
        Attribution = hold.Attribution,
        Operation = hold.Operation,
        Requests = requests,
        Usage = new() { UncachedInput = used.Tokens },
        Cost = used.Cost,
        Estimated = estimated,
        Provider = "",
        ProviderModel = "",
        PriceVersion = "",
        Status = status,
        FailedBy = FailedBy.Gateway,
        Streamed = false,
        StartedAt = hold.HeldAt,
        SettledAt = now,
        DurationMicros = (long)(now - hold.HeldAt).TotalMicroseconds,
        FirstByteMicros = null,
    };
}
