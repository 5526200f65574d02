using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>Random crowds at one account: whatever they do, nobody overtakes, nobody who waits holds, nobody is forgotten.</summary>
public sealed class LineInterleavingTests
{
    private const int LengthMax = 6;
    private const int Steps = 400;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nobody_overtakes_and_everybody_who_stays_is_served(int seed)
    {
        var crowd = new Crowd(seed);
        for (int step = 0; step < Steps; step++)
        {
            crowd.Step();
            crowd.MustBeInOrder();
        }

        crowd.Drain();
        Assert.True(crowd.ServedFromLine > 10, $"Only {crowd.ServedFromLine} calls of seed {seed} had to wait: that proves little.");
    }

    /// <summary>Callers of one account and a plain list of who came when.</summary>
    private sealed class Crowd
    {
        private readonly Dice dice;
        private readonly LimitsConfig limits;
        private readonly AccountBook book;
        private readonly WaitingLine line = new(LengthMax);

        // In the order of arrival.
        private readonly List<(HoldAsk Ask, DateTimeOffset ArrivedAt)> waiting = [];
        private readonly List<HoldAsk> running = [];
        private DateTimeOffset now = Books.Noon;

        public Crowd(int seed)
        {
            dice = new Dice(seed);
            limits = new LimitsConfig
            {
                Concurrent = dice.Next(1, 5),
                RequestsPerMinute = dice.Next(2) == 0 ? dice.Next(30, 200) : null,
                RequestBurst = dice.Next(1, 5),
                TokensPerMinute = dice.Next(2) == 0 ? dice.Next(500, 3_000) : null,
                TokenBurst = 100,
                Quotas = dice.Next(2) == 0 ? [Books.Tokens(500, QuotaPeriod.Minute)] : [],
            };
            book = Books.Open(limits);
        }

        public int ServedFromLine { get; private set; }

        public void Step()
        {
            switch (dice.Next(10))
            {
                case < 3: Arrive(isPatient: true); break;
                case 3: Arrive(isPatient: false); break;
                case < 6: ServeNext(); break;
                case 6: Leave(); break;
                case 7: TryAnyone(); break;
                case 8: EndOne(); break;
                default: Pass(); break;
            }

            HearAll();
        }

        public void MustBeInOrder()
        {
            AccountLive live = book.ViewAt(now);
            Assert.Equal(running.Count, live.Holds.Count);
            Assert.Equal(running.Sum(ask => ask.Worst.Tokens), live.Holds.Worst.Tokens);
            Assert.True(live.Slots.Used <= limits.Concurrent);
            Assert.All(live.Quotas, quota => Assert.True(quota.Used + quota.Held <= quota.Amount));
            Assert.All(waiting, waiter => Assert.False(book.IsHeld(waiter.Ask.Id)));
            Assert.Equal(waiting.Count, line.ViewAt(now).Length);
            Assert.True(waiting.Count <= LengthMax);
            Assert.Equal(waiting.Take(1).Select(waiter => waiter.Ask.Id), line.Next());
        }

        /// <summary>No more newcomers: time alone and calls that end bring every waiting call to its turn, in order.</summary>
        public void Drain()
        {
            for (int seconds = 0; waiting.Count > 0; seconds++)
            {
                Assert.True(seconds < 600, $"{waiting.Count} calls still wait.");
                while (running.Count > 0)
                {
                    EndOne();
                }

                ServeNext();
                now += TimeSpan.FromSeconds(1);
                HearAll();
                MustBeInOrder();
            }
        }

        private void Arrive(bool isPatient)
        {
            HoldAsk ask = dice.Ask(now.AddHours(2)) with { Operation = "chat", Line = isPatient ? new LineAsk(TimeSpan.Zero, Patience) : null };
            bool wasFree = waiting.Count == 0;
            HoldDecision decision = line.TryHold(book, ask, now);
            if (decision is HoldDecision.Granted)
            {
                Assert.True(wasFree, "A newcomer overtook.");
                running.Add(ask);
                return;
            }

            LineFacts? place = ((HoldDecision.Denied)decision).Facts.Line;
            if (place?.IsWaiting == true)
            {
                waiting.Add((ask, now));
                Assert.Equal((waiting.Count, waiting.Count), (place.Place, place.Length));
            }
            else if (isPatient && place is not null)
            {
                Assert.True(waiting.Count == LengthMax || place.EstimatedWait > Patience, "Refused although there was a place.");
            }
        }

        private void ServeNext()
        {
            if (waiting.Count > 0)
            {
                Ask(0);
            }
        }

        /// <summary>Anyone in the line may ask at any time: only the first may get anything.</summary>
        private void TryAnyone()
        {
            if (waiting.Count > 0)
            {
                Ask(dice.Next(waiting.Count));
            }
        }

        private void Ask(int index)
        {
            (HoldAsk ask, DateTimeOffset arrivedAt) = waiting[index];
            bool isTurn = line.IsTurnOf(ask.Id, book, now, out _);
            HoldDecision decision = line.TryHold(book, ask with { Line = new LineAsk(now - arrivedAt, Patience - (now - arrivedAt)) }, now);
            Assert.Equal(isTurn, decision is HoldDecision.Granted);
            if (decision is HoldDecision.Granted)
            {
                Assert.Equal(0, index);
                waiting.RemoveAt(0);
                running.Add(ask);
                ServedFromLine++;
            }
        }

        private void Leave()
        {
            if (waiting.Count > 0 && dice.Next(3) == 0)
            {
                int index = dice.Next(waiting.Count);
                line.Leave(waiting[index].Ask.Id);
                waiting.RemoveAt(index);
            }
        }

        private void EndOne()
        {
            if (running.Count == 0)
            {
                return;
            }

            HoldAsk ask = dice.Any(running);
            running.Remove(ask);
            if (dice.Next(3) == 0)
            {
                Assert.True(book.TryUndo(ask.Id, now));
            }
            else
            {
                HoldSize used = new(dice.Next((int)ask.Worst.Tokens + 1), ask.Worst.Cost);
                Assert.True(book.TrySettle(ask.Id, new SettledUsage("chat", 1, used), now, now));
            }
        }

        private void Pass() => now += TimeSpan.FromMilliseconds(dice.Next(1, 4_000));

        private void HearAll() => waiting.ForEach(waiter => line.IsTurnOf(waiter.Ask.Id, book, now, out _));
    }
}
