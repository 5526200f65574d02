using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Compat.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans.Compat.Reminders;

/// <summary>Wakes grains at the times they asked for. One timer, set to the next tick of all.</summary>
/// <remarks>
/// Thread-safe. A tick that was due while the process was down, or while the last one was still running, comes once, not once per
/// missed period.
/// </remarks>
internal sealed class ReminderService : IReminderRegistry, IHostedService, IDisposable
{
    /// <summary>Timers cannot be set further ahead than some weeks; waking early only sets the timer again.</summary>
    private static readonly TimeSpan SleepMax = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), Reminder> reminders = [];
    private readonly HashSet<(GrainId Grain, string Name)> ticking = [];
    private readonly PriorityQueue<Reminder, DateTimeOffset> upcoming = new();
    private readonly Silo silo;
    private readonly IReminderStore store;
    private readonly TimeSpan periodMin;
    private ITimer? timer;

    public ReminderService(Silo silo, IReminderStore store, IOptions<ReminderOptions> options)
    {
        this.silo = silo;
        this.store = store;
        periodMin = options.Value.MinimumReminderPeriod;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            timer = silo.Time.CreateTimer(static service => ((ReminderService?)service)?.TickDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            foreach (Reminder reminder in store.ReadAll())
            {
                ScheduleGated(reminder);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        lock (gate)
        {
            timer?.Dispose();
            timer = null;
        }
    }

    public Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        if (period < periodMin)
        {
            throw new ArgumentException(
                $"Cannot register reminder {reminderName} as requested period ({period}) is less than minimum allowed reminder period ({periodMin})", nameof(period));
        }

        DateTimeOffset firstAt = silo.Time.GetUtcNow() + dueTime;
        Reminder reminder = new(callingGrainId, reminderName, firstAt, period, firstAt);
        lock (gate)
        {
            store.Write(reminder);
            ScheduleGated(reminder);
        }

        return Task.FromResult<IGrainReminder>(new RegisteredReminder(reminderName));
    }

    public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        lock (gate)
        {
            store.Remove(callingGrainId, reminder.ReminderName);
            reminders.Remove((callingGrainId, reminder.ReminderName));
        }

        return Task.CompletedTask;
    }

    public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        lock (gate)
        {
            return Task.FromResult<IGrainReminder?>(reminders.ContainsKey((callingGrainId, reminderName)) ? new RegisteredReminder(reminderName) : null);
        }
    }

    public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
    {
        lock (gate)
        {
            return Task.FromResult<List<IGrainReminder>>(
                [.. reminders.Keys.Where(key => key.Grain == callingGrainId).Select(static key => new RegisteredReminder(key.Name))]);
        }
    }

    private void TickDue()
    {
        DateTimeOffset now = silo.Time.GetUtcNow();
        List<Reminder> due = [];
        lock (gate)
        {
            while (upcoming.TryPeek(out Reminder? next, out DateTimeOffset at) && at <= now)
            {
                upcoming.Dequeue();
                // Replaced and removed reminders stay in the queue until their old time comes.
                if (IsCurrentGated(next))
                {
                    Reminder later = next with { NextAt = next.NextAfter(now) };
                    ScheduleGated(later);
                    KeepGated(later);
                    if (ticking.Add((next.GrainId, next.Name)))
                    {
                        due.Add(next);
                    }
                }
            }

            SetTimerGated();
        }

        foreach (Reminder reminder in due)
        {
            _ = TickAsync(reminder, now);
        }
    }

    private void KeepGated(Reminder later)
    {
        try
        {
            store.Write(later);
        }
        catch (Exception exception)
        {
            // Ticks go on; after a restart this one would come again, which is what a reminder may do. Timers cannot let exceptions out.
            silo.Log.ReminderFailed(later.Name, later.GrainId.ToString(), exception);
        }
    }

    private async Task TickAsync(Reminder reminder, DateTimeOffset now)
    {
        try
        {
            TickStatus status = new(reminder.FirstAt.UtcDateTime, reminder.Period, now.UtcDateTime);
            await silo.Factory.GetGrain<IRemindable>(reminder.GrainId).ReceiveReminder(reminder.Name, status);
        }
        catch (Exception exception)
        {
            // The grain's failure is not the other grains'.
            silo.Log.ReminderFailed(reminder.Name, reminder.GrainId.ToString(), exception);
        }
        finally
        {
            lock (gate)
            {
                ticking.Remove((reminder.GrainId, reminder.Name));
            }
        }
    }

    private bool IsCurrentGated(Reminder reminder) =>
        reminders.TryGetValue((reminder.GrainId, reminder.Name), out Reminder? current) && ReferenceEquals(current, reminder);

    private void ScheduleGated(Reminder reminder)
    {
        reminders[(reminder.GrainId, reminder.Name)] = reminder;
        upcoming.Enqueue(reminder, reminder.NextAt);
        SetTimerGated();
    }

    private void SetTimerGated()
    {
        if (timer is not null && upcoming.TryPeek(out _, out DateTimeOffset at))
        {
            TimeSpan wait = at - silo.Time.GetUtcNow();
            // A millisecond more, because timers round down and would come early.
            timer.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < SleepMax ? wait + TimeSpan.FromMilliseconds(1) : SleepMax, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed record RegisteredReminder(string ReminderName) : IGrainReminder;
}
