using System.ComponentModel.DataAnnotations;
using AIOrleans.Core.Ledger;
using Microsoft.Extensions.Options;

namespace AIOrleans.Grains;

/// <summary>Slices of hot accounts, from which silos admit calls without asking. Section <c>Leases</c>.</summary>
public sealed class LeaseOptions
{
    public const string Section = "Leases";

    /// <summary>Default <c>true</c> in a cluster, <c>false</c> in one process, where asking costs no more than admitting. Never with <c>Ledger:Durability=fast</c>, which fences nothing.</summary>
    public bool Enabled { get; set; }

    /// <summary>Calls a second from which an account is split; below half of it it is whole again. Default 200.</summary>
    [Range(1, 1_000_000)] public int AsksPerSecond { get; set; } = 200;

    /// <summary>How long a silo admits from a slice before it goes back, in milliseconds. Default 1000.</summary>
    [Range(50, 5_000)] public int LifeMilliseconds { get; set; } = 1_000;

    /// <summary>Most calls that one slice admits. Default 256: one ask in so many, and what is told of them fits one message.</summary>
    [Range(2, 10_000)] public int SliceRequestsMax { get; set; } = 256;

    /// <summary>How long a call that may have to be refused waits for slices to come back, in milliseconds. Default 250; an account whose slices do not come loads itself anew.</summary>
    [Range(10, 5_000)] public int RecallMilliseconds { get; set; } = 250;

    /// <summary><see cref="LifeMilliseconds"/> as a duration.</summary>
    public TimeSpan Life => TimeSpan.FromMilliseconds(LifeMilliseconds);

    /// <summary><see cref="RecallMilliseconds"/> as a duration.</summary>
    public TimeSpan RecallWait => TimeSpan.FromMilliseconds(RecallMilliseconds);

    /// <summary>True when slices are given out: what is admitted from one must be fenced by the ledger.</summary>
    public bool IsOn(HoldOptions holds) => Enabled && holds.Durability == LedgerDurability.Strict;
}

[OptionsValidator]
internal sealed partial class LeaseOptionsValidator : IValidateOptions<LeaseOptions>;
