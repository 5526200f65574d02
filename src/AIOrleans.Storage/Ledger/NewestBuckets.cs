using AIOrleans.Core.Limits;

namespace AIOrleans.Storage.Ledger;

/// <summary>The newest levels of each account within one transaction.</summary>
internal sealed class NewestBuckets
{
    private readonly Dictionary<string, BucketLevels> newest = new(StringComparer.Ordinal);

    public IEnumerable<BucketLevels> All => newest.Values;

    public int Count => newest.Count;

    public void Add(IReadOnlyList<BucketLevels> levels)
    {
        foreach (BucketLevels level in levels)
        {
            string account = level.Account.ToString();
            if (!newest.TryGetValue(account, out BucketLevels? known)
                || (level.Epoch, level.Sequence).CompareTo((known.Epoch, known.Sequence)) > 0)
            {
                newest[account] = level;
            }
        }
    }
}
