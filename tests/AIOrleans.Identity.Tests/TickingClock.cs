namespace AIOrleans.Identity.Tests;

/// <summary>A clock that moves when told; its timers fire once per <see cref="Advance"/> that reaches them.</summary>
internal sealed class TickingClock : TimeProvider
{
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        now += time;
        foreach (Timer timer in timers.ToArray())
        {
            timer.FireIfDue();
        }
    }

    private sealed class Timer(TickingClock clock, Action fire) : ITimer
    {
        private DateTimeOffset? dueAt;
        private TimeSpan every;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            dueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock.now + dueTime;
            every = period;
            return true;
        }

        public void FireIfDue()
        {
            if (dueAt <= clock.now)
            {
                dueAt = every == Timeout.InfiniteTimeSpan ? null : clock.now + every;
                fire();
            }
        }

        public void Dispose() => dueAt = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
