using AIOrleans.Core.Limits;

namespace AIOrleans.Management.Views;

/// <summary>One account of a path, its limits, and which of them a call would meet.</summary>
/// <param name="WouldDeny">Names of the quotas that have no room for the call now, as their modes count it.</param>
internal sealed record AccountExplanationJson(
    string Account, IReadOnlyList<BucketJson> Buckets, IReadOnlyList<QuotaJson> Quotas, SlotsJson Slots, IReadOnlyList<string> WouldDeny)
{
    public static AccountExplanationJson Of(AccountLiveJson live, HoldSizes sizes) => new(
        live.Account,
        live.Buckets,
        live.Quotas,
        live.Slots,
        [
            .. live.Quotas.Where(quota => quota.Mode is "strict" or "expected" && Asked(quota, sizes) > quota.Remaining).Select(quota => quota.Limit),
            .. live.Buckets.Where(bucket => (bucket.Limit == "tokensPerMinute" ? sizes.Expected.Tokens : 1) > bucket.Level).Select(bucket => bucket.Limit),
            .. live.Slots.Used >= live.Slots.Max ? ["concurrent"] : Array.Empty<string>(),
        ]);

    private static decimal Asked(QuotaJson quota, HoldSizes sizes)
    {
        var size = quota.Mode == "strict" ? sizes.Worst : sizes.Expected;
        return quota.Metric switch
        {
            "cost" => size.Cost.ToUsd(),
            "tokens" => size.Tokens,
            _ => 1,
        };
    }
}
