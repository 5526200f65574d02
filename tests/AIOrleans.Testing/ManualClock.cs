namespace AIOrleans.Testing;

/// <summary>A clock that only tests move. Reads are thread-safe; timers are those of the system.</summary>
public sealed class ManualClock(DateTimeOffset startsAt) : TimeProvider
{
    private long ticks = startsAt.UtcTicks;

    public DateTimeOffset Now => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref ticks, now.UtcTicks);
}
