using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Limits;

/// <summary>Those that wait at one account until it has room for them: first come, first served, and nobody overtakes.</summary>
/// <remarks>
/// A place is no hold: who waits has nothing, and takes everything at once when its turn comes. While somebody waits, every later call that needs
/// the same is refused or waits behind, also when it would fit: else small calls would starve a large one. A place is kept only by asking
/// again and again, so that a caller that died blocks nobody for longer than <see cref="HeardWithin"/>.
/// Not thread-safe; the grain that owns it is its lock.
/// </remarks>
public sealed class WaitingLine(int lengthMax)
{
    /// <summary>How often a waiting caller must be heard of to keep its place.</summary>
    public static readonly TimeSpan HeardWithin = TimeSpan.FromSeconds(5);

    // In the order of arrival, the first to be served first.
    private readonly List<Ticket> tickets = [];

    // How long the line took from one served call to the next, lately; before the first a guess.
    private long moveTicks = AccountBook.ShortWait.Ticks;
    private long movedAtTicks;

    public bool IsEmpty => tickets.Count == 0;

    /// <summary>Holds in <paramref name="book"/> unless it refuses, or somebody came earlier; then waits, if the caller wants to and it can help.</summary>
    public HoldDecision TryHold(AccountBook book, in HoldAsk ask, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        DropSilent(now);
        if (book.IsHeld(ask.Id))
        {
            return book.TryHold(ask, now);
        }

        Ticket ticket = Find(ask.Id) ?? Ticket.Of(ask, now);
        Refusal? refusal = book.FindRefusal(ask, now);
        Queue ahead = AheadOf(ticket);
        if (refusal is null && ahead.First is null)
        {
            Serve(ask.Id, now);
            var granted = (HoldDecision.Granted)book.TryHold(ask, now);
            return IsEmpty ? granted : granted with { Headroom = granted.Headroom.Exhausted(new TimeSpan(moveTicks)) };
        }

        // ! Somebody is ahead where the book does not refuse.
        Refusal blocking = refusal ?? ahead.First!.Refusal;
        LimitFacts facts = refusal?.Facts ?? book.FactsBehind(blocking.Facts, ask, now);
        if (blocking.Wait is null || (IsEmpty && ask.Line is null))
        {
            Leave(ask.Id);
            return new HoldDecision.Denied(facts);
        }

        (TimeSpan wait, TimeSpan sureWait) = WaitOf(book, ask, blocking, ahead, now);
        bool isWaiting = ask.Line is { } wish && wish.Patience > TimeSpan.Zero && sureWait <= wish.Patience && TryStay(ticket, ask, blocking, now);
        if (!isWaiting)
        {
            Leave(ask.Id);
        }

        return new HoldDecision.Denied(facts with
        {
            RetryAfter = wait,
            Line = new LineFacts(ahead.Count + 1, tickets.Count, wait, isWaiting),
        });
    }

    /// <summary>Whether a waiting call should ask again, because it would be granted.</summary>
    /// <param name="wait">How long nothing can have changed but by a call that ends or leaves the line; null without such a time.</param>
    /// <returns>True also for a call that is not in the line (any more): by asking it learns why.</returns>
    public bool IsTurnOf(HoldId id, AccountBook book, DateTimeOffset now, out TimeSpan? wait)
    {
        ArgumentNullException.ThrowIfNull(book);
        wait = null;
        if (Find(id) is not { } ticket)
        {
            return true;
        }

        ticket.HeardAtTicks = now.UtcTicks;
        DropSilent(now);
        if (AheadOf(ticket).First is not null)
        {
            return false;
        }

        if (book.FindRefusal(ticket.Ask, now) is not { Wait: not null } refusal)
        {
            return true;
        }

        ticket.Refusal = refusal;
        wait = refusal.Wait;
        return false;
    }

    /// <summary>Gives a place up.</summary>
    public void Leave(HoldId id) => tickets.RemoveAll(ticket => ticket.Ask.Id == id);

    /// <summary>What a call that comes now could get: nothing while others wait, whatever is left over for them.</summary>
    public Headroom HeadroomAt(AccountBook book, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        Headroom headroom = book.HeadroomAt(now);
        return IsEmpty ? headroom : headroom.Exhausted(new TimeSpan(moveTicks));
    }

    /// <summary>Those who would be served next, if there were room: usually one.</summary>
    public IReadOnlyList<HoldId> Next()
    {
        var next = new List<Ticket>(1);
        foreach (Ticket ticket in tickets)
        {
            if (!next.Exists(first => first.Blocks(ticket)))
            {
                next.Add(ticket);
            }

            if (ticket.BlocksAll)
            {
                break;
            }
        }

        return next.ConvertAll(ticket => ticket.Ask.Id);
    }

    public LineLive ViewAt(DateTimeOffset now)
    {
        DropSilent(now);
        return new LineLive(tickets.Count, lengthMax, IsEmpty ? null : new TimeSpan(now.UtcTicks - tickets[0].ArrivedAtTicks));
    }

    /// <summary>Forgets callers that were not heard of for long, or whose patience is over.</summary>
    private void DropSilent(DateTimeOffset now) => tickets.RemoveAll(ticket => !ticket.IsAlive(now.UtcTicks));

    private Ticket? Find(HoldId id) => tickets.Find(ticket => ticket.Ask.Id == id);

    /// <summary>Those before <paramref name="ticket"/> that need what it needs.</summary>
    private Queue AheadOf(Ticket ticket)
    {
        var ahead = default(Queue);
        foreach (Ticket other in tickets)
        {
            if (ReferenceEquals(other, ticket) || other.ArrivedAtTicks > ticket.ArrivedAtTicks)
            {
                break;
            }

            if (other.Blocks(ticket))
            {
                ahead = new Queue(ahead.First ?? other, ahead.Count + 1, ahead.Tokens + other.Ask.Expected.Tokens);
            }
        }

        return ahead;
    }

    /// <summary>Keeps the place of <paramref name="ticket"/>, or takes one.</summary>
    /// <returns>False when the line is full.</returns>
    private bool TryStay(Ticket ticket, in HoldAsk ask, Refusal blocking, DateTimeOffset now)
    {
        if (!tickets.Contains(ticket))
        {
            if (tickets.Count >= lengthMax)
            {
                return false;
            }

            movedAtTicks = IsEmpty ? now.UtcTicks : movedAtTicks;
            int behind = tickets.FindIndex(other => other.ArrivedAtTicks > ticket.ArrivedAtTicks);
            tickets.Insert(behind < 0 ? tickets.Count : behind, ticket);
        }

        ticket.Hear(ask, blocking, now);
        return true;
    }

    private void Serve(HoldId id, DateTimeOffset now)
    {
        if (Find(id) is { } served)
        {
            moveTicks = ((moveTicks * 3) + Math.Max(0, now.UtcTicks - movedAtTicks)) / 4;
            movedAtTicks = now.UtcTicks;
            tickets.Remove(served);
        }
    }

    private (TimeSpan Wait, TimeSpan SureWait) WaitOf(AccountBook book, in HoldAsk ask, Refusal blocking, in Queue ahead, DateTimeOffset now)
    {
        (TimeSpan refill, TimeSpan sureRefill) = book.RefillTime(ahead.Count + 1, ahead.Tokens + ask.Expected.Tokens, now);
        TimeSpan sure = Later(sureRefill, blocking.SureWait);
        TimeSpan wait = Later(refill, blocking.Wait ?? TimeSpan.Zero);

        // Calls in flight end when they end: the line goes on as fast as it went.
        bool dependsOnCalls = blocking.Facts.IsHeldBack && blocking.Facts.Kind != LimitKind.TokensPerMinute;
        return (dependsOnCalls ? Later(wait, new TimeSpan(moveTicks * (ahead.Count + 1))) : Later(wait, sure), sure);
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private readonly record struct Queue(Ticket? First, int Count, long Tokens);

    /// <summary>One waiting call.</summary>
    private sealed class Ticket
    {
        /// <summary>By the account's clock.</summary>
        public required long ArrivedAtTicks { get; init; }

        public required HoldAsk Ask { get; set; }

        /// <summary>Why it could not be served when it was last looked at.</summary>
        public Refusal Refusal { get; set; } = null!; // ! Set before it joins the line.

        public long HeardAtTicks { get; set; }

        private long PatientUntilTicks { get; set; }

        public static Ticket Of(in HoldAsk ask, DateTimeOffset now) =>
            new() { ArrivedAtTicks = now.UtcTicks - (ask.Line?.Waited ?? TimeSpan.Zero).Ticks, Ask = ask };

        /// <summary>False while it waits for a quota of its operation, which other operations do not need.</summary>
        public bool BlocksAll => Refusal.Facts.Metric != QuotaMetric.Operations;

        public bool Blocks(Ticket later) => BlocksAll || Ask.Operation == later.Ask.Operation;

        public bool IsAlive(long nowTicks) => nowTicks <= PatientUntilTicks && nowTicks - HeardAtTicks <= HeardWithin.Ticks;

        public void Hear(in HoldAsk ask, Refusal refusal, DateTimeOffset now)
        {
            Ask = ask;
            Refusal = refusal;
            HeardAtTicks = now.UtcTicks;
            PatientUntilTicks = now.UtcTicks + (ask.Line?.Patience ?? TimeSpan.Zero).Ticks;
        }
    }
}
