using AIOrleans.Cluster.Tests.Accounting;
using AIOrleans.Cluster.Tests.Leases;
using AIOrleans.Cluster.Tests.Silos;

namespace AIOrleans.Cluster.Tests;

/// <summary>The tests are run by the test host. Started by a test with <see cref="SiloCommand"/>, this program is one silo, which can be killed; started by hand, it measures.</summary>
internal static class Program
{
    public const string SiloCommand = "silo";

    /// <summary>Measures what slices of a hot account are worth.</summary>
    private const string MeasureCommand = "leases";

    private static async Task<int> Main(string[] args)
    {
        if (args is [MeasureCommand, var seconds, var callers])
        {
            await LeaseMeasurement.RunAsync(TimeSpan.FromSeconds(int.Parse(seconds)), int.Parse(callers), Console.Out);
            return 0;
        }

        if (args is not [SiloCommand, ..])
        {
            Console.Error.WriteLine($"Run these tests with 'dotnet test', or measure slices with '{MeasureCommand} SECONDS CALLERS'.");
            return 1;
        }

        await using SiloInProcess silo = await SiloInProcess.StartAsync(SiloSettings.FromArguments(args.AsSpan(1)));
        Console.WriteLine($"{SiloProcess.Ready}{silo.Address.Generation}");
        while (await Console.In.ReadLineAsync() is { } order)
        {
            Console.WriteLine(await FollowAsync(silo, order.Split(' ')));
        }

        return 0;
    }

    /// <summary>Does what <see cref="SiloProcess"/> writes: waits for other silos, or buys as the callers of a gateway would.</summary>
    private static async Task<long> FollowAsync(SiloInProcess silo, string[] order)
    {
        if (order is [SiloProcess.See, var silos])
        {
            await silo.SeesActiveAsync(int.Parse(silos));
            return 0;
        }

        if (order is not [SiloProcess.Buy, var tenant, var lines, var milliseconds])
        {
            throw new ArgumentException($"No order: {string.Join(' ', order)}", nameof(order));
        }

        using var over = new CancellationTokenSource(TimeSpan.FromMilliseconds(int.Parse(milliseconds)));
        return await new Buyer(silo.Grains, TenantBudget.Of(tenant), TimeProvider.System).BuyAsync(int.Parse(lines), over.Token);
    }
}
