using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Grains;

/// <summary>Writes the name of its silo into a note whenever its reminder comes.</summary>
[Alias("tests.alarm")]
public interface IAlarmGrain : IGrainWithStringKey
{
    [Alias("set")]
    Task SetAsync(TimeSpan period);

    [Alias("unset")]
    Task<bool> UnsetAsync();

    [Alias("silo")]
    Task<SiloAddress> SiloAsync();

    [Alias("rings")]
    Task<int> RingsAsync();
}

internal sealed class AlarmGrain(ILocalSiloDetails silo) : Grain, IAlarmGrain, IRemindable
{
    private const string Name = "alarm";

    private int rings;

    public Task SetAsync(TimeSpan period) => this.RegisterOrUpdateReminder(Name, period, period);

    public async Task<bool> UnsetAsync()
    {
        if (await this.GetReminder(Name) is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return true;
    }

    public Task<SiloAddress> SiloAsync() => Task.FromResult(silo.SiloAddress);

    public Task<int> RingsAsync() => Task.FromResult(rings);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        rings++;
        return Task.CompletedTask;
    }
}
