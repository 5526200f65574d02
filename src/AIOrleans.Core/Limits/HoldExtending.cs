using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <summary>Why a call in flight needs more than it holds: which limits have a say.</summary>
public enum ExtendReason
{
    /// <summary>Another attempt, which is not made unless every limit has room for it.</summary>
    Attempt,

    /// <summary>
    /// A stream that runs already: only a strict quota, and an expected one with <see cref="QuotaConfig.CutOff"/>, can refuse. Everything else counts
    /// it, as it will be counted when it is settled.
    /// </summary>
    Stream,
}

/// <summary>The answer of one account to a hold that wants to grow.</summary>
public abstract record ExtendDecision
{
    private ExtendDecision()
    {
    }

    /// <summary>Grown, or as large already.</summary>
    /// <param name="Before">What was held until now.</param>
    public sealed record Extended(HoldSizes Before, BucketLevels? Buckets) : ExtendDecision;

    /// <summary>Refused; nothing was changed.</summary>
    public sealed record Denied(LimitFacts Facts) : ExtendDecision;

    /// <summary>There is no such hold (any more); nothing was changed.</summary>
    public sealed record NotHeld : ExtendDecision;
}
