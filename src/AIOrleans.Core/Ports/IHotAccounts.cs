using AIOrleans.Core.Silos;

namespace AIOrleans.Core.Ports;

/// <summary>The accounts that calls of this process hold on most. Thread-safe.</summary>
public interface IHotAccounts
{
    /// <summary>At most <paramref name="count"/>, the hottest first.</summary>
    IReadOnlyList<HotAccount> Hottest(int count);
}
