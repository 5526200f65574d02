namespace AIOrleans.Core.Limits;

/// <summary>Which of several refusals a caller is told.</summary>
public static class Denials
{
    /// <summary>The one that blocks for longer, money before all others; null is no refusal. Equal ones: <paramref name="left"/>.</summary>
    /// <remarks>Whoever waits for the heavier one is not refused again by the lighter.</remarks>
    public static LimitFacts? Heavier(LimitFacts? left, LimitFacts? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        if (left.IsMoney != right.IsMoney)
        {
            return left.IsMoney ? left : right;
        }

        return (right.RetryAfter ?? TimeSpan.MaxValue) > (left.RetryAfter ?? TimeSpan.MaxValue) ? right : left;
    }
}
