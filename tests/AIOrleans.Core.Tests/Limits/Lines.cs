using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits;

/// <summary>Shorthand of the waiting line tests; seconds are counted from noon.</summary>
internal static class Lines
{
    public static readonly LimitsConfig OneSlot = new() { Concurrent = 1 };

    public static HoldAsk Patient(HoldAsk ask, double seconds = 30) => ask with { Line = new LineAsk(TimeSpan.Zero, TimeSpan.FromSeconds(seconds)) };

    public static void MustHold(this WaitingLine line, AccountBook book, HoldAsk ask, double second = 0) =>
        Assert.IsType<HoldDecision.Granted>(line.TryHold(book, ask, At(second)));

    public static LimitFacts MustRefuse(this WaitingLine line, AccountBook book, HoldAsk ask, double second = 0)
    {
        LimitFacts facts = Assert.IsType<HoldDecision.Denied>(line.TryHold(book, ask, At(second))).Facts;
        Assert.NotEqual(true, facts.Line?.IsWaiting);
        return facts;
    }

    public static LineFacts MustWait(this WaitingLine line, AccountBook book, HoldAsk ask, double second = 0)
    {
        LineFacts? facts = Assert.IsType<HoldDecision.Denied>(line.TryHold(book, ask, At(second))).Facts.Line;
        Assert.True(facts is { IsWaiting: true });
        return facts;
    }

    public static bool IsTurn(this WaitingLine line, AccountBook book, HoldAsk ask, double second = 0) => line.IsTurnOf(ask.Id, book, At(second), out _);

    public static void HearEverySecond(this WaitingLine line, AccountBook book, HoldAsk ask, int untilSecond)
    {
        for (int second = 1; second <= untilSecond; second++)
        {
            Assert.False(line.IsTurn(book, ask, second));
        }
    }

    public static void Settle(this AccountBook book, HoldAsk ask, double second = 0) =>
        Assert.True(book.TrySettle(ask.Id, Books.Used(), At(second), At(second)));

    private static DateTimeOffset At(double second) => Books.Noon.AddSeconds(second);
}
