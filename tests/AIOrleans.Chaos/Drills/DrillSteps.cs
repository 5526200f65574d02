using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Drills;

/// <summary>What is done in each step of a drill.</summary>
internal sealed class DrillSteps(
    SiloGroup silos, SiloNetwork network, TestCompany company, ManagementClient management, Revocations revocations, DrillOptions options, TextWriter output,
    TimeProvider time)
{
    private const int Newest = SiloGroup.Max - 1;

    /// <returns>The silo that it happened to, as it was then; null: none.</returns>
    public async Task<GatewayLife?> TakeAsync(DrillStep step)
    {
        switch (step)
        {
            case DrillStep.Add:
                await silos.StartAsync(Newest);
                await WatchAsync();
                return null;
            case DrillStep.Revoke:
                await revocations.MakeAsync([.. silos.Running]);
                return null;
            case DrillStep.Stop:
                await StopAsync();
                return null;
            case DrillStep.Kill:
                return await KillAsync(await BusiestAsync());
            case DrillStep.KillNew:
                return await KillAsync(await BusiestAsync(ofNewBuild: true));
            case DrillStep.CutSilos:
                return await CutAsync(network.CutSilosAsync, network.HealSilosAsync);
            case DrillStep.UpgradeOne:
                await UpgradeAsync(1);
                return null;
            case DrillStep.Upgrade:
                await UpgradeAsync(SiloGroup.Max);
                return null;
            default:
                return await CutAsync(network.CutDatabaseAsync, network.HealDatabaseAsync);
        }
    }

    /// <summary>Lets callers call.</summary>
    public Task WatchAsync() => Task.Delay(TimeSpan.FromSeconds(options.WatchSeconds), time);

    private async Task StopAsync()
    {
        int slot = await BusiestAsync();
        int code = await silos.StopAsync(slot);
        output.WriteLine($"  a silo that was asked to stop ended with {code}");
        await WatchAsync();
        await silos.StartAsync(slot);
        await WatchAsync();
    }

    private async Task<GatewayLife> KillAsync(int slot)
    {
        GatewayLife victim = silos[slot];
        await silos.KillAsync(slot);
        await WatchAsync();
        await silos.StartAsync(slot);
        await WatchAsync();
        return victim;
    }

    /// <summary>Replaces silos of the older build by the new one. After each, old and new live together for as long as callers watch.</summary>
    private async Task UpgradeAsync(int max)
    {
        foreach (int slot in silos.Old.Take(max).ToArray())
        {
            await silos.TakeOutAsync(slot);
            int code = await silos.StopAsync(slot);
            if (silos.IsUpgrading)
            {
                output.WriteLine(await silos.TryOldAsync(slot) is { } refusal
                    ? $"  started from the older build again, it refused: {refusal}"
                    : "  started from the older build again, it served: both have one schema");
            }

            silos.Upgrade();
            await silos.StartAsync(slot);
            await WatchAsync();
            IReadOnlyList<string> keepers = await KeepersAsync();
            output.WriteLine($"  silo {slot} ended with {code}, and serves from the new build; accounts: {string.Join(", ", Enumerable.Range(0, SiloGroup.Max)
                .Select(other => $"silo {other} ({(silos.Old.Contains(other) ? "old" : "new")}) keeps {keepers.Count(keeper => keeper == silos.NameOf(other))}"))}");
        }
    }

    private async Task<GatewayLife> CutAsync(Func<int, Task> cut, Func<int, Task> heal)
    {
        int slot = await BusiestAsync();
        GatewayLife victim = silos[slot];
        int disturbance = victim.Disturbances.Begin(time.GetUtcNow());
        victim.ExpectDeath();
        await cut(slot);
        await Task.Delay(TimeSpan.FromSeconds(options.CutSeconds), time);
        await heal(slot);
        await WatchAsync();
        victim.Disturbances.End(disturbance, time.GetUtcNow());
        output.WriteLine(await silos.ReviveAsync(slot) ? "  the silo that was cut off had ended, and was started again" : "  the silo that was cut off lives on");
        await WatchAsync();
        return victim;
    }

    /// <summary>The silo that keeps most accounts: what happens to any other one proves little. While there are old and new ones, one of the old, unless a new one is wanted.</summary>
    private async Task<int> BusiestAsync(bool ofNewBuild = false)
    {
        IReadOnlyList<string> keepers = await KeepersAsync();
        int[] all = [.. Enumerable.Range(0, SiloGroup.Max)];
        int[] slots = ofNewBuild ? [.. all.Except(silos.Old)] : silos.IsUpgrading && silos.Old.Any() ? [.. silos.Old] : all;
        int busiest = slots.MaxBy(slot => keepers.Count(keeper => keeper == silos.NameOf(slot)));
        output.WriteLine($"  silo {busiest} keeps {keepers.Count(keeper => keeper == silos.NameOf(busiest))} of {keepers.Count} accounts");
        return busiest;
    }

    /// <summary>For each account, which silo has it.</summary>
    private async Task<IReadOnlyList<string>> KeepersAsync()
    {
        GatewayLife asked = silos.Running.First();
        List<string> keepers = [];
        foreach (Account account in company.Accounts)
        {
            keepers.Add((await management.ReadLiveAsync(asked, account, CancellationToken.None)).Silo);
        }

        return keepers;
    }
}
