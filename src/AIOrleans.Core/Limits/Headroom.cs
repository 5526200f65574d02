namespace AIOrleans.Core.Limits;

/// <summary>What the next single caller could still get: one rate line of the response headers.</summary>
/// <param name="Limit">The size of the tightest limit.</param>
/// <param name="Remaining">Never more than what the next caller could really get; at least 0.</param>
/// <param name="ResetAfter">Until that limit is whole again; <see cref="NeverResets"/> when it never is.</param>
public readonly record struct HeadroomLine(long Limit, long Remaining, TimeSpan ResetAfter)
{
    /// <summary>Stands for "never" (<c>total</c> quotas, rates of 0): ten years, because headers want a number.</summary>
    public static TimeSpan NeverResets { get; } = TimeSpan.FromDays(3650);

    /// <summary>A wait as a line shows it: null and very long ones are <see cref="NeverResets"/>.</summary>
    public static TimeSpan Bounded(TimeSpan? resetAfter) => resetAfter is { } wait && wait < NeverResets ? wait : NeverResets;

    /// <summary>The tighter of two lines: the one with less remaining.</summary>
    public static HeadroomLine? Tighter(HeadroomLine? left, HeadroomLine? right)
    {
        if (left is not { } a)
        {
            return right;
        }

        return right is { } b && b.Remaining < a.Remaining ? b : a;
    }
}

/// <summary>Headroom of one account, or of a whole path: null lines are unlimited.</summary>
public sealed record Headroom(HeadroomLine? Requests, HeadroomLine? Tokens)
{
    public static Headroom Unlimited { get; } = new(null, null);

    /// <summary>The same with nothing left of either, because whatever there is goes to others first.</summary>
    public Headroom Exhausted(TimeSpan resetAfter) => new(Emptied(Requests, resetAfter), Emptied(Tokens, resetAfter));

    /// <summary>The tightest of both, line by line.</summary>
    public Headroom And(Headroom other)
    {
        HeadroomLine? requests = HeadroomLine.Tighter(Requests, other.Requests);
        HeadroomLine? tokens = HeadroomLine.Tighter(Tokens, other.Tokens);
        return requests == Requests && tokens == Tokens ? this
            : requests == other.Requests && tokens == other.Tokens ? other
            : new Headroom(requests, tokens);
    }

    private static HeadroomLine Emptied(HeadroomLine? line, TimeSpan resetAfter) => line is { } known
        ? new HeadroomLine(known.Limit, 0, known.ResetAfter > resetAfter ? known.ResetAfter : resetAfter)
        : new HeadroomLine(0, 0, resetAfter);
}
