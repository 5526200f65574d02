using AIOrleans.Engine.Tests.Fixture;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests.Grains;

/// <summary>Timers that say what they see. Ticks raise <c>key:tick</c> with the number of the activation.</summary>
public interface ITimerGrain : IGrainWithStringKey
{
    Task StartAsync(bool interleave);

    /// <summary>Starts a timer whose ticks take longer than its period, and raises <c>key:overlap</c> when two meet.</summary>
    Task StartSlowAsync();

    /// <summary>Starts a timer that throws at each tick.</summary>
    Task StartThrowingAsync();

    Task StopAsync();

    Task HoldAsync();

    [AlwaysInterleave]
    Task<int> TicksAsync();

    Task EndAsync();
}

public class TimerGrain : Grain, ITimerGrain
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);
    private readonly Signals signals;
    private readonly Guid activation = Guid.NewGuid();
    private IGrainTimer? timer;
    private int ticks;
    private bool isTicking;

    public TimerGrain(Signals signals) => this.signals = signals;

    private string Key => this.GetPrimaryKeyString();

    public Task StartAsync(bool interleave)
    {
        timer = this.RegisterGrainTimer(
            static (grain, _) => grain.TickAsync(), this, new GrainTimerCreationOptions(Period, Period) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartSlowAsync()
    {
        timer = this.RegisterGrainTimer(TickSlowlyAsync, new GrainTimerCreationOptions(Period, TimeSpan.FromMilliseconds(1)) { Interleave = true });
        return Task.CompletedTask;
    }

    public Task StartThrowingAsync()
    {
        timer = this.RegisterGrainTimer(
            async token =>
            {
                await TickAsync();
                token.ThrowIfCancellationRequested();
                throw new InvalidOperationException("each tick fails");
            },
            Period,
            Period);
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        timer?.Dispose();
        return Task.CompletedTask;
    }

    public async Task HoldAsync()
    {
        signals.Raise($"{Key}:in");
        await signals.WaitAsync($"{Key}:go");
    }

    public Task<int> TicksAsync() => Task.FromResult(ticks);

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private Task TickAsync()
    {
        ticks++;
        signals.Raise($"{Key}:tick", activation);
        return Task.CompletedTask;
    }

    private async Task TickSlowlyAsync(CancellationToken cancellationToken)
    {
        if (isTicking)
        {
            signals.Raise($"{Key}:overlap");
        }

        isTicking = true;
        for (int turn = 0; turn < 20; turn++)
        {
            await Task.Yield();
        }

        isTicking = false;
        await TickAsync();
    }
}

/// <summary>Woken by reminders; raises <c>key:name</c> with the tick.</summary>
public interface IReminderGrain : IGrainWithStringKey
{
    Task RemindAsync(string name, TimeSpan dueTime, TimeSpan period);

    Task ForgetAsync(string name);

    Task<string[]> NamesAsync();

    Task<bool> HasAsync(string name);
}

public class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    private readonly Signals signals;

    public ReminderGrain(Signals signals) => this.signals = signals;

    public Task RemindAsync(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task ForgetAsync(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public async Task<string[]> NamesAsync() => [.. (await this.GetReminders()).Select(static reminder => reminder.ReminderName).Order(StringComparer.Ordinal)];

    public async Task<bool> HasAsync(string name) => await this.GetReminder(name) is not null;

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        signals.Raise($"{this.GetPrimaryKeyString()}:{reminderName}", status);
        return Task.CompletedTask;
    }
}
