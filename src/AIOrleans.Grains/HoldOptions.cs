using System.ComponentModel.DataAnnotations;
using AIOrleans.Core.Ledger;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains;

/// <summary>How holds are kept. Section <c>Ledger</c>.</summary>
public sealed class HoldOptions
{
    public const string Section = "Ledger";

    /// <summary>When a hold counts as made. Default <c>strict</c>.</summary>
    public LedgerDurability Durability { get; set; } = LedgerDurability.Strict;

    /// <summary>How long a hold lives without being renewed, in seconds. Default 30.</summary>
    [Range(5, 600)] public int LeaseSeconds { get; set; } = 30;

    /// <summary>How long a request waits for an account whose silo has gone to come to life on another one, in seconds. Default 10: longer than a dead silo needs to be noticed.</summary>
    [Range(1, 20)] public int AccountWaitSeconds { get; set; } = 10;

    /// <summary>Settlements that may wait for an unreachable ledger before new calls are refused. Default 10 000 (a few MB).</summary>
    [Range(100, 1_000_000)] public int PendingSettlementsMax { get; set; } = 10_000;

    /// <summary><see cref="LeaseSeconds"/> as a duration.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    /// <summary><see cref="AccountWaitSeconds"/> as a duration.</summary>
    public TimeSpan AccountWait => TimeSpan.FromSeconds(AccountWaitSeconds);
}

[OptionsValidator]
internal sealed partial class HoldOptionsValidator : IValidateOptions<HoldOptions>;
