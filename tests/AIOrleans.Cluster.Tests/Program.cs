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
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
