using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Accounts;

/// <summary>The waiting line of one account, and a bell for each call that waits for its turn here.</summary>
/// <remarks>
/// Bells make a freed slot go to the next at once, without anyone asking again and again; what a clock frees, a timer tells. Outlives the book, which
/// is loaded anew now and then. Owned by the account's grain, which is its lock: only the waiting itself lets other turns run.
/// </remarks>
internal sealed class AccountLine(int lengthMax, TimeProvider time)
{
    private readonly WaitingLine line = new(lengthMax);
    private readonly Dictionary<HoldId, TaskCompletionSource> bells = [];

    public bool IsEmpty => line.IsEmpty;

    /// <summary>What the account answers: its book decides, and those who wait are not overtaken.</summary>
    public AccountAnswer AnswerTo(AccountBook book, in HoldAsk ask, DateTimeOffset now) => TryHold(book, ask, now) switch
    {
        HoldDecision.Denied denied => new AccountAnswer { Epoch = book.Epoch, Denied = denied.Facts, Headroom = line.HeadroomAt(book, now) },
        HoldDecision.Granted granted => new AccountAnswer { Epoch = book.Epoch, Headroom = granted.Headroom, Buckets = granted.Buckets },
        _ => throw new InvalidOperationException("A hold is granted or denied."),
    };

    private HoldDecision TryHold(AccountBook book, in HoldAsk ask, DateTimeOffset now)
    {
        if (line.IsEmpty && ask.Line is null)
        {
            return book.TryHold(ask, now);
        }

        HoldDecision decision = line.TryHold(book, ask, now);
        Ring();
        return decision;
    }

    /// <summary>Tells the next that something has changed: a hold ended, somebody left.</summary>
    public void Ring()
    {
        if (bells.Count == 0)
        {
            return;
        }

        foreach (HoldId id in line.Next())
        {
            if (bells.Remove(id, out TaskCompletionSource? bell))
            {
                bell.TrySetResult();
            }
        }
    }

    public Task LeaveAsync(HoldId id)
    {
        line.Leave(id);
        if (bells.Remove(id, out TaskCompletionSource? bell))
        {
            bell.TrySetResult();
        }

        Ring();
        return Task.CompletedTask;
    }

    /// <summary>Waits for the turn of a call, no longer than <paramref name="patience"/>.</summary>
    /// <param name="bookAtHand">The book as it is at that moment; null when it must be loaded first, which asking does.</param>
    public async Task<bool> AwaitTurnAsync(HoldId id, TimeSpan patience, Func<AccountBook?> bookAtHand)
    {
        long since = time.GetTimestamp();
        while (true)
        {
            if (bookAtHand() is not { } book || line.IsTurnOf(id, book, time.GetUtcNow(), out TimeSpan? wait))
            {
                return true;
            }

            TimeSpan left = patience - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await WhenRungAsync(id, wait < left ? wait.Value : left);
        }
    }

    public LineLive ViewAt(DateTimeOffset now) => line.ViewAt(now);

    private async Task WhenRungAsync(HoldId id, TimeSpan patience)
    {
        // Timers count whole milliseconds: rounded down, the last one would be spent asking.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(patience.TotalMilliseconds));
        TaskCompletionSource bell = bells[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await bell.Task.WaitAsync(wait, time);
        }
        catch (TimeoutException)
        {
            // Time itself may have made room.
        }
        finally
        {
            // A second wait for the same call has its own bell.
            if (bells.TryGetValue(id, out TaskCompletionSource? newest) && newest == bell)
            {
                bells.Remove(id);
            }
        }
    }
}
