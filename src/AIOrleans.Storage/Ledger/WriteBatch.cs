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

    public List<SettleWork> Settlements { get; } = [];

    public List<RenewWork> Renewals { get; } = [];
}
