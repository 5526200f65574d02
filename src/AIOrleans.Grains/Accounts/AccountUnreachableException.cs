using AIOrleans.Core.Accounts;

namespace AIOrleans.Grains.Accounts;

/// <summary>An account did not answer: its silo has gone, or is out of reach. Whether it did what was asked is unknown. Never leaves the grains.</summary>
internal sealed class AccountUnreachableException(AccountId account, Exception inner) : Exception($"{account} cannot be reached: {inner.Message}", inner)
{
    public AccountId Account => account;
}
