using AIOrleans.Core.Ports;

namespace AIOrleans.Grains.Accounts;

/// <summary>Which silo could not reach the ledger: travels with the exception from the account's silo to the caller's.</summary>
internal static class StoreSilo
{
    private const string Key = "aiorleans.silo";

    public static void Note(StoreUnavailableException exception, string silo) => exception.Data[Key] = silo;

    /// <summary>True when it was another silo than <paramref name="silo"/>.</summary>
    public static bool IsOther(StoreUnavailableException exception, string silo) => exception.Data[Key] is string noted && noted != silo;
}
