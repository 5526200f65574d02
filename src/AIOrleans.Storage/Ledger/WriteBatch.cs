using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Ledger;

/// <summary>Works of one transaction, by what they do. Each list keeps the order of arrival.</summary>
internal sealed class WriteBatch
{
    public WriteBatch(IReadOnlyList<LedgerWork> works)
    {
        foreach (LedgerWork work in works)
        {
            switch (work)
            {
                case HoldWork hold:
                    Holds.Add(hold);
                    break;
                case ExtendWork extend:
                    Extensions.Add(extend);
                    break;
                case SettleWork settle:
                    Settlements.Add(settle);
                    break;
                case RenewWork renew:
                    Renewals.Add(renew);
                    break;
                default:
                    throw new ArgumentException($"{work.GetType().Name} does not belong into a write batch.", nameof(works));
            }
        }
    }

    public List<HoldWork> Holds { get; } = [];

    public List<ExtendWork> Extensions { get; } = [];

    public List<SettleWork> Settlements { get; } = [];

    public List<RenewWork> Renewals { get; } = [];

    /// <summary>Every grant whose epoch must be current; with repetitions.</summary>
    public IEnumerable<AccountGrant> Grants() =>
        [.. Holds.SelectMany(work => work.Row.Hold.Grants), .. Extensions.SelectMany(work => work.Extension.Grants)];

    /// <summary>Every account that the batch touches; with repetitions.</summary>
    public IEnumerable<string> AccountNames() =>
    [
        .. Holds.SelectMany(work => work.Row.Hold.Grants).Select(grant => grant.Account.ToString()),
        .. Holds.SelectMany(work => work.Row.Hold.Buckets).Select(levels => levels.Account.ToString()),
        .. Extensions.SelectMany(work => work.Extension.Grants).Select(grant => grant.Account.ToString()),
        .. Extensions.SelectMany(work => work.Extension.Buckets).Select(levels => levels.Account.ToString()),
        .. Settlements.SelectMany(work => work.Row.Settlement.Path).Select(account => account.ToString()),
        .. Settlements.SelectMany(work => work.Row.Settlement.Buckets).Select(levels => levels.Account.ToString()),
    ];

    /// <summary>The batch in parts within which each hold is settled at most once; nearly always one.</summary>
    public IEnumerable<WriteBatch> InRounds()
    {
        List<SettleWork> rest = Settlements;
        List<LedgerWork> others = [.. Holds, .. Extensions, .. Renewals];
        do
        {
            HashSet<HoldId> seen = [];
            List<SettleWork> now = [.. rest.Where(work => seen.Add(work.Row.HoldId))];
            yield return new WriteBatch([.. others, .. now]);
            rest = [.. rest.Except(now)];
            others = [];
        }
        while (rest.Count > 0);
    }
}
