using AIOrleans.Cluster.Tests.Silos;

namespace AIOrleans.Cluster.Tests;

/// <summary>The tests are run by the test host. Started by a test with <see cref="SiloCommand"/>, this program is one silo, which can be killed.</summary>
internal static class Program
{
    public const string SiloCommand = "silo";

    private static async Task<int> Main(string[] args)
    {
        if (args is not [SiloCommand, ..])
        {
            Console.Error.WriteLine("Run these tests with 'dotnet test'.");
            return 1;
        }

        await using SiloInProcess silo = await SiloInProcess.StartAsync(SiloSettings.FromArguments(args.AsSpan(1)));
        Console.WriteLine($"{SiloProcess.Ready}{silo.Address.Generation}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
