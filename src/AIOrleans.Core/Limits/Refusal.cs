namespace AIOrleans.Core.Limits;

/// <summary>Why an account has no room for a call, all its limits taken together.</summary>
/// <param name="Facts">The limit that the caller is told of.</param>
/// <param name="Wait">When all of them could have room; null when some never will by waiting: the call is too large, or a budget is spent.</param>
/// <param name="SureWait">The part of <paramref name="Wait"/> that the calendar or a refill decides: no call that ends can shorten it.</param>
public sealed record Refusal(LimitFacts Facts, TimeSpan? Wait, TimeSpan SureWait);

/// <summary>Gathers the limits of one account that refuse a call.</summary>
internal struct RefusalDraft
{
    private LimitFacts? facts;
    private TimeSpan wait;
    private TimeSpan sureWait;
    private bool isFinal;

    /// <param name="isSure">False when a call in flight may make room sooner by ending.</param>
    public void Add(LimitFacts refusing, bool isSure)
    {
        facts = Denials.Heavier(facts, refusing);

        // Money that is spent comes back with the calendar, but nobody should stand in line for a new month.
        if (refusing.RetryAfter is not { } after || (refusing.IsMoney && !refusing.IsHeldBack))
        {
            isFinal = true;
            return;
        }

        wait = Later(wait, after);
        sureWait = isSure ? Later(sureWait, after) : sureWait;
    }

    public readonly Refusal? ToRefusal() => facts is null ? null : new Refusal(facts, isFinal ? null : wait, sureWait);

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
