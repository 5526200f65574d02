using AIOrleans.Core.Limits;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>A batch as records.</summary>
internal sealed class LogEncoder(SqliteAccounts accounts)
{
    /// <summary>Adds the records of <paramref name="batch"/> to <paramref name="image"/>.</summary>
    /// <returns>False, with some of them added, when the number of an account is not known: it may have to be given one by a transaction.</returns>
    public bool TryAdd(WriteBatch batch, LogWriter image)
    {
        foreach (HoldWork work in batch.Holds)
        {
            image.AddHold(work.Row);
            if (!TryAdd(work.Row.Hold.Buckets, image))
            {
                return false;
            }
        }

        foreach (SettleWork work in batch.Settlements)
        {
            image.AddSettlement(work.Row);
            if (!TryAdd(work.Row.Settlement.Buckets, image))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdd(IReadOnlyList<BucketLevels> buckets, LogWriter image)
    {
        for (int i = 0; i < buckets.Count; i++)
        {
            if (accounts.FindKnown(buckets[i].Account.ToString()) is not { } number)
            {
                return false;
            }

            image.AddBucket(number, buckets[i]);
        }

        return true;
    }
}
