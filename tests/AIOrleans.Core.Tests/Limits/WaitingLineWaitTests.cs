using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using static AIOrleans.Core.Tests.Limits.Books;
using static AIOrleans.Core.Tests.Limits.Lines;

namespace AIOrleans.Core.Tests.Limits;

public sealed class WaitingLineWaitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly WaitingLine line = new(lengthMax: 3);

    [Fact]
    public void A_call_that_does_not_wait_is_refused_as_ever_while_nobody_waits()
    {
        AccountBook book = Open(OneSlot);
        line.MustHold(book, Ask());

        LimitFacts facts = line.MustRefuse(book, Ask());

        Assert.Equal(("concurrent", AccountBook.ShortWait, null), (facts.Limit, facts.RetryAfter, facts.Line));
        Assert.True(line.IsEmpty);
    }

    [Fact]
    public void The_wait_for_a_rate_counts_those_ahead_and_is_exact()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 60, RequestBurst = 1 });
        book.Spend();
        HoldAsk first = Patient(Ask());
        HoldAsk second = Patient(Ask());
        Assert.Equal([Second, 2 * Second], new[] { first, second }.Select(ask => line.MustWait(book, ask).EstimatedWait));

        Assert.False(line.IsTurnOf(first.Id, book, Noon, out TimeSpan? wait));
        Assert.Equal(Second, wait);
        Assert.False(line.IsTurnOf(second.Id, book, Noon, out wait));
        Assert.Null(wait);
        line.MustHold(book, first, 1);
        Assert.False(line.IsTurnOf(second.Id, book, Noon + Second, out wait));
        Assert.Equal(Second, wait);
        line.MustHold(book, second, 2);
    }

    [Fact]
    public void A_wait_that_is_surely_too_long_is_refused_at_once()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 60, RequestBurst = 1 });
        book.Spend();
        line.MustWait(book, Patient(Ask(), seconds: 1));

        LimitFacts facts = line.MustRefuse(book, Patient(Ask(), seconds: 1.9));

        Assert.Equal((2, 2 * Second, false), (facts.Line?.Place, facts.Line?.EstimatedWait, facts.Line?.IsWaiting));
        Assert.Equal(2 * Second, facts.RetryAfter);
    }

    [Fact]
    public void A_slot_may_be_waited_for_although_nobody_knows_when_it_comes()
    {
        AccountBook book = Open(OneSlot);
        line.MustHold(book, Ask());
        Assert.Equal(AccountBook.ShortWait, line.MustWait(book, Patient(Ask(), seconds: 0.1)).EstimatedWait);
    }

    [Fact]
    public void The_wait_for_slots_is_told_from_how_fast_the_line_moved()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        for (int second = 5; second <= 200; second += 5)
        {
            HoldAsk next = Patient(Ask());
            line.MustWait(book, next, second - 5);
            book.Settle(running, second);
            line.MustHold(book, next, second);
            running = next;
        }

        Assert.InRange(line.MustWait(book, Patient(Ask()), 200).EstimatedWait, TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(5));
        Assert.InRange(line.MustWait(book, Patient(Ask()), 200).EstimatedWait, TimeSpan.FromSeconds(9.8), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Nobody_waits_for_a_spent_budget_or_for_what_can_never_fit()
    {
        AccountBook book = Open(new LimitsConfig { TokensPerMinute = 100, Quotas = [Cost(100, QuotaPeriod.Minute), Requests(3, QuotaPeriod.Total)] });
        book.Spend(cost: 90);

        Assert.Null(line.MustRefuse(book, Patient(Ask(cost: 11))).Line);
        Assert.Null(line.MustRefuse(book, Patient(Ask(tokens: 101))).Line);
        book.Spend();
        book.Spend();
        Assert.Equal(("requests/total", null), (line.MustRefuse(book, Patient(Ask())) is var facts ? facts.Limit : "", facts.Line));
        Assert.True(line.IsEmpty);
    }

    [Fact]
    public void A_budget_that_calls_in_flight_hold_back_is_waited_for()
    {
        AccountBook book = Open(Cost(100));
        HoldAsk running = Ask(cost: 60);
        line.MustHold(book, running);
        HoldAsk waiting = Patient(Ask(cost: 60));
        Assert.True(line.MustWait(book, waiting).IsWaiting);

        Assert.True(book.TrySettle(running.Id, Used(cost: 40), Noon, Noon));

        Assert.True(line.IsTurn(book, waiting));
        line.MustHold(book, waiting);
    }

    [Fact]
    public void A_budget_that_was_spent_meanwhile_ends_the_wait()
    {
        AccountBook book = Open(Cost(100));
        HoldAsk running = Ask(cost: 60);
        line.MustHold(book, running);
        HoldAsk waiting = Patient(Ask(cost: 60));
        line.MustWait(book, waiting);

        Assert.True(book.TrySettle(running.Id, Used(cost: 60), Noon, Noon));

        Assert.True(line.IsTurn(book, waiting));
        Assert.Null(line.MustRefuse(book, waiting).Line);
        Assert.True(line.IsEmpty);
    }

    [Fact]
    public void A_quota_of_requests_is_waited_for_when_its_period_ends_in_time()
    {
        AccountBook book = Open(Requests(1, QuotaPeriod.Minute));
        book.Spend();
        Assert.Equal(TimeSpan.FromMinutes(1), line.MustRefuse(book, Patient(Ask(), seconds: 59)).Line?.EstimatedWait);
        HoldAsk waiting = Patient(Ask(), seconds: 60);
        line.MustWait(book, waiting);
        line.HearEverySecond(book, waiting, 59);
        line.MustHold(book, waiting, 60);
    }

    [Fact]
    public void A_full_line_refuses_and_says_what_it_would_have_been()
    {
        AccountBook book = Open(OneSlot);
        line.MustHold(book, Ask());
        Assert.All(Enumerable.Range(0, 3), _ => line.MustWait(book, Patient(Ask())));

        LimitFacts facts = line.MustRefuse(book, Patient(Ask()));

        Assert.Equal((4, 3, false), (facts.Line?.Place, facts.Line?.Length, facts.Line?.IsWaiting));
    }
}
