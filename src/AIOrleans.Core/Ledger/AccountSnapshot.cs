using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Ledger;

/// <summary>Totals of one stored calendar window of one account and one operation.</summary>
public readonly record struct WindowTotals(
    StoredPeriod Period, DateTimeOffset StartsAt, string Operation, long Requests, long Tokens, NanoUsd Cost);

/// <summary>A hold as one of its accounts sees it.</summary>
public readonly record struct OpenHold(HoldId Id, string Operation, HoldSize Worst, HoldSize Expected, DateTimeOffset LeaseUntil);

/// <summary>All that the ledger knows of one account, read in the transaction that began its epoch.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Epoch">The epoch that this load began; grants of older ones are refused from now on.</param>
/// <param name="Windows">Every month; days, hours and minutes as far back as a running period can reach.</param>
/// <param name="Holds">Open holds whose path contains the account.</param>
/// <param name="Buckets">Last saved levels; null when the account never had any.</param>
public sealed record AccountSnapshot(
    AccountId Account, long Epoch, IReadOnlyList<WindowTotals> Windows, IReadOnlyList<OpenHold> Holds, BucketLevels? Buckets);
