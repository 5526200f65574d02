using Orleans.Runtime;

namespace Orleans.Compat.Reminders;

/// <summary>One registered reminder.</summary>
/// <param name="FirstAt">The first tick; the others follow at multiples of the period.</param>
/// <param name="NextAt">The next tick that has not been given yet; in the past when the process was not running then.</param>
internal sealed record Reminder(GrainId GrainId, string Name, DateTimeOffset FirstAt, TimeSpan Period, DateTimeOffset NextAt)
{
    /// <summary>The first tick after the given time.</summary>
    internal DateTimeOffset NextAfter(DateTimeOffset now) =>
        now < FirstAt ? FirstAt : FirstAt + (Period * (((now - FirstAt).Ticks / Period.Ticks) + 1));
}

/// <summary>Keeps reminders. Thread-safe.</summary>
internal interface IReminderStore
{
    IReadOnlyList<Reminder> ReadAll();

    /// <summary>Adds, or replaces the one of the same grain and name.</summary>
    void Write(Reminder reminder);

    void Remove(GrainId grainId, string name);
}

/// <summary>Keeps reminders for as long as the process lives: the service that asks holds them itself.</summary>
internal sealed class MemoryReminderStore : IReminderStore
{
    public IReadOnlyList<Reminder> ReadAll() => [];

    public void Write(Reminder reminder)
    {
        // Nothing outlives the process.
    }

    public void Remove(GrainId grainId, string name)
    {
        // Nothing outlives the process.
    }
}
