using System.Runtime.InteropServices;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Storage.Ledger;

/// <summary>Primary key of a window. Its order is the order in which windows are written: the same everywhere, so that writers cannot deadlock.</summary>
internal readonly record struct WindowKey(long AccountNo, StoredPeriod Period, long StartMicros, string Operation) : IComparable<WindowKey>
{
    public int CompareTo(WindowKey other)
    {
        int order = AccountNo.CompareTo(other.AccountNo);
        order = order != 0 ? order : Period.CompareTo(other.Period);
        order = order != 0 ? order : StartMicros.CompareTo(other.StartMicros);
        return order != 0 ? order : string.CompareOrdinal(Operation, other.Operation);
    }
}

/// <summary>What is added to a window.</summary>
internal record struct WindowDelta(long Requests, long Tokens, long CostNano);

/// <summary>Sums of one transaction: a hot tenant is one row update per batch and window, not one per request.</summary>
internal sealed class WindowDeltas
{
    private readonly Dictionary<WindowKey, WindowDelta> deltas = [];

    /// <summary>Adds <paramref name="e"/> to the four windows of one account; <paramref name="sign"/> −1 takes it away.</summary>
    /// <exception cref="OverflowException">A sum does not fit 64 bits.</exception>
    public void Add(long accountNo, in WindowMicros windows, UsageEvent e, int sign) =>
        Add(accountNo, windows, e.Operation, new WindowDelta(sign * e.Requests, sign * e.Usage.Total, sign * e.Cost.Value));

    /// <summary>Adds what one event, or a sum of some, charges to the four windows of one account.</summary>
    /// <exception cref="OverflowException">A sum does not fit 64 bits.</exception>
    public void Add(long accountNo, in WindowMicros windows, string operation, in WindowDelta delta)
    {
        if (delta == default)
        {
            return;
        }

        Add(new WindowKey(accountNo, StoredPeriod.Minute, windows.Minute, operation), delta);
        Add(new WindowKey(accountNo, StoredPeriod.Hour, windows.Hour, operation), delta);
        Add(new WindowKey(accountNo, StoredPeriod.Day, windows.Day, operation), delta);
        Add(new WindowKey(accountNo, StoredPeriod.Month, windows.Month, operation), delta);
    }

    /// <summary>Every window that changes, in writing order.</summary>
    public List<KeyValuePair<WindowKey, WindowDelta>> InOrder()
    {
        List<KeyValuePair<WindowKey, WindowDelta>> all = [.. deltas];
        all.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        all.RemoveAll(static entry => entry.Value == default);
        return all;
    }

    private void Add(in WindowKey key, in WindowDelta delta)
    {
        ref WindowDelta sum = ref CollectionsMarshal.GetValueRefOrAddDefault(deltas, key, out _);
        sum = new WindowDelta(
            checked(sum.Requests + delta.Requests), checked(sum.Tokens + delta.Tokens), checked(sum.CostNano + delta.CostNano));
    }
}
