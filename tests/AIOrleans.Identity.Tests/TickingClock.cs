namespace AIOrleans.Identity.Tests;

/// <summary>A clock that moves when told; its timers fire once per <see cref="Advance"/> that reaches them. Thread-safe: the host makes its timers elsewhere.</summary>
internal sealed class TickingClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (gate)
        {
            timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan time)
    {
        Timer[] due;
        lock (gate)
        {
            now += time;
            due = [.. timers.Where(timer => timer.TakeDue())];
        }

        Array.ForEach(due, timer => timer.Fire());
    }

    private sealed class Timer(TickingClock clock, Action fire) : ITimer
    {
        private DateTimeOffset? dueAt;
        private TimeSpan every;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                dueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock.now + dueTime;
                every = period;
                return true;
            }
        }

        public void Fire() => fire();

        /// <summary>Whether it is to fire now; then it is set for its next time. Called under the clock's lock.</summary>
        public bool TakeDue()
        {
            bool due = dueAt <= clock.now;
            if (due)
            {
                dueAt = every == Timeout.InfiniteTimeSpan ? null : clock.now + every;
            }

            return due;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
