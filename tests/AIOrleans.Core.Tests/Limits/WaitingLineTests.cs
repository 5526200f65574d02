using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using static AIOrleans.Core.Tests.Limits.Books;
using static AIOrleans.Core.Tests.Limits.Lines;

namespace AIOrleans.Core.Tests.Limits;

public sealed class WaitingLineTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly WaitingLine line = new(lengthMax: 3);

    [Fact]
    public void Those_who_wait_are_served_in_the_order_of_their_arrival()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        HoldAsk[] waiting = [.. Enumerable.Range(0, 3).Select(_ => Patient(Ask()))];
        Assert.Equal([1, 2, 3], waiting.Select(ask => line.MustWait(book, ask).Place));

        foreach (HoldAsk ask in waiting)
        {
            book.Settle(running);
            Assert.Equal([ask.Id], line.Next());
            Assert.True(line.IsTurn(book, ask));
            line.MustHold(book, ask);
            running = ask;
        }

        Assert.True(line.IsEmpty);
    }

    [Fact]
    public void A_newcomer_does_not_overtake_whether_it_waits_or_not()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        HoldAsk first = Patient(Ask());
        line.MustWait(book, first);
        book.Settle(running);

        LimitFacts facts = line.MustRefuse(book, Ask());

        // There is room now, and it is for somebody else.
        Assert.Equal(("concurrent", 0L, 2, 1, false), (facts.Limit, facts.Held, facts.Line?.Place, facts.Line?.Length, facts.Line?.IsWaiting));
        Assert.Equal(2, line.MustWait(book, Patient(Ask())).Place);
        line.MustHold(book, first);
    }

    [Fact]
    public void A_small_call_does_not_starve_a_large_one()
    {
        AccountBook book = Open(new LimitsConfig { TokensPerMinute = 600, TokenBurst = 600 });
        book.Spend(tokens: 600);
        HoldAsk large = Patient(Ask(tokens: 300));
        LineFacts place = line.MustWait(book, large);
        Assert.Equal(TimeSpan.FromSeconds(30), place.EstimatedWait);

        // Ten tokens a second: the small call would fit all the time.
        for (int second = 1; second < 30; second++)
        {
            Assert.False(line.IsTurn(book, large, second));
            line.MustRefuse(book, Ask(tokens: 1), second);
        }

        Assert.True(line.IsTurn(book, large, 30));
        line.MustHold(book, large, 30);
    }

    [Fact]
    public void Whoever_waits_holds_nothing()
    {
        AccountBook book = Open(new LimitsConfig { RequestsPerMinute = 60, RequestBurst = 1, TokensPerMinute = 1_000, Concurrent = 5, Quotas = [Cost(100)] });
        book.Spend();
        AccountLive before = book.ViewAt(Noon);

        line.MustWait(book, Patient(Ask(tokens: 10, cost: 10)));
        line.MustWait(book, Patient(Ask(tokens: 10, cost: 10)));

        Assert.Equivalent(before, book.ViewAt(Noon), strict: true);
    }

    [Fact]
    public void A_caller_that_leaves_makes_room_for_those_behind()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        HoldAsk first = Patient(Ask());
        HoldAsk second = Patient(Ask());
        line.MustWait(book, first);
        line.MustWait(book, second);
        book.Settle(running);

        line.Leave(first.Id);

        Assert.Equal([second.Id], line.Next());
        line.MustHold(book, second);
    }

    [Fact]
    public void A_caller_that_is_not_heard_of_loses_its_place()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        HoldAsk dead = Patient(Ask());
        HoldAsk alive = Patient(Ask());
        line.MustWait(book, dead);
        line.MustWait(book, alive);
        book.Settle(running);

        for (int second = 1; second <= 5; second++)
        {
            Assert.False(line.IsTurn(book, alive, second));
        }

        Assert.True(line.IsTurn(book, alive, 5.1));
        line.MustHold(book, alive, 5.1);
    }

    [Fact]
    public void A_caller_whose_patience_is_over_blocks_nobody()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        line.MustWait(book, Patient(Ask(), seconds: 2));
        book.Settle(running);

        line.MustRefuse(book, Ask(), 2);
        line.MustHold(book, Ask(), 2.1);
    }

    [Fact]
    public void A_caller_that_also_had_to_wait_elsewhere_is_as_old_as_its_first_ask()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        HoldAsk here = Patient(Ask());
        line.MustWait(book, here, 10);

        HoldAsk elsewhere = Ask() with { Line = new LineAsk(Waited: TimeSpan.FromSeconds(9), Patience: TimeSpan.FromSeconds(9)) };

        Assert.Equal(1, line.MustWait(book, elsewhere, 11).Place);
        Assert.Equal(2, line.MustWait(book, here with { Line = new LineAsk(Second, TimeSpan.FromSeconds(29)) }, 11).Place);
        book.Settle(running, 12);
        Assert.Equal([elsewhere.Id], line.Next());
        Assert.Equal(2, line.MustRefuse(book, here with { Line = new LineAsk(2 * Second, TimeSpan.Zero) }, 12).Line?.Place);
    }

    [Fact]
    public void A_quota_of_one_operation_keeps_no_other_operation_waiting()
    {
        AccountBook book = Open(new LimitsConfig { Concurrent = 2, Quotas = [Operations("embeddings", 1, QuotaPeriod.Minute)] });
        book.Spend(operation: "embeddings");
        HoldAsk embeddings = Patient(Ask(operation: "embeddings"), seconds: 60);
        line.MustWait(book, embeddings);

        HoldAsk chat = Ask();
        line.MustHold(book, chat);
        line.MustHold(book, Ask());

        // A second line within the line: chat waits for a slot, embeddings for the minute.
        HoldAsk nextChat = Patient(Ask());
        Assert.Equal(1, line.MustWait(book, nextChat).Place);
        Assert.Equal([embeddings.Id, nextChat.Id], line.Next());
        book.Settle(chat);
        line.MustHold(book, nextChat);
    }

    [Fact]
    public void Asked_again_a_granted_call_is_granted_again_past_the_line()
    {
        AccountBook book = Open(OneSlot);
        HoldAsk running = Ask();
        line.MustHold(book, running);
        line.MustWait(book, Patient(Ask()));

        line.MustHold(book, running);

        Assert.Equal(1, book.ViewAt(Noon).Holds.Count);
    }

    [Fact]
    public void While_somebody_waits_nothing_remains_for_a_newcomer()
    {
        AccountBook book = Open(new LimitsConfig { TokensPerMinute = 600, TokenBurst = 600 });
        book.Spend(tokens: 500);
        Assert.Equal(100, line.HeadroomAt(book, Noon).Tokens?.Remaining);

        line.MustWait(book, Patient(Ask(tokens: 200)));

        Assert.Equal((0, 0), (line.HeadroomAt(book, Noon).Tokens?.Remaining, line.HeadroomAt(book, Noon).Requests?.Remaining));
        Assert.Equal(new LineLive(1, 3, Second), line.ViewAt(Noon + Second));
    }
}
