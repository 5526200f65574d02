using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Micro;
using AIOrleans.Benchmarks.Report;
using AIOrleans.Benchmarks.Results;
using AIOrleans.Benchmarks.Scenarios;
using AIOrleans.Benchmarks.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Benchmarks;

/// <summary>Runs what <see cref="BenchmarkOptions.Usage"/> says.</summary>
internal static class BenchmarkCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int BadUse = 2;

    /// <returns>0 when everything asked for was measured, 1 when an answer or the ledger was wrong, 2 for a mistake in the arguments.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        // What the program starts itself as.
        switch (args)
        {
            case ["generate"]:
                return await Generator.ServeAsync(Console.In, output);
            case ["serve-upstream"]:
                return await ServeAsync(UpstreamServer.Build(), output);
            case ["serve-forwarder", string target]:
                return await ServeAsync(ForwarderServer.Build(new Uri(target)), output);
        }

        if (args is ["help" or "--help" or "-h"])
        {
            output.WriteLine(BenchmarkOptions.Usage);
            return Done;
        }

        try
        {
            return await RunAsync(BenchmarkOptions.Parse(args), output);
        }
        catch (FormatException mistake)
        {
            output.WriteLine(mistake.Message);
            output.WriteLine(BenchmarkOptions.Usage);
            return BadUse;
        }
        catch (InvalidOperationException wrong)
        {
            output.WriteLine($"FAILED: {wrong.Message}");
            return Failed;
        }
    }

    private static async Task<int> RunAsync(BenchmarkOptions options, TextWriter output)
    {
        if (options.IsSmoke)
        {
            // Of all processes that are started: optimised code would cost more time than it can save in seconds.
            Environment.SetEnvironmentVariable("DOTNET_TC_CallCounting", "0");
        }

        var book = new FigureBook(options.Results, output);
        switch (options.Command)
        {
            case "report":
                BenchmarkReport.Write(options.Results, output);
                return Done;
            case "load":
                await LoadBenchmark.RunAsync(options, book, output);
                break;
            case "soak":
                await SoakBenchmark.RunAsync(options, book, output);
                break;
            case "scale":
                await ScaleBenchmark.RunAsync(options, book, output);
                break;
            case "profile":
                await ProfileBenchmark.RunAsync(options, book, output);
                break;
            case "micro":
                MicroCommand.Run(options, book);
                break;
            case null:
                Task load = LoadBenchmark.RunAsync(options, book, output);

                // A smoke run measures nothing, so that the parts need not wait until the machine is theirs.
                await (options.IsSmoke ? Task.CompletedTask : load);
                await Task.WhenAll(load, PartBenchmarks.RunAllAsync(options.Duration, output));
                break;
            case string part:
                await PartBenchmarks.RunAsync(part, options.Duration, output);
                break;
        }

        if (options.IsSmoke)
        {
            Directory.Delete(options.Results, recursive: true);
        }

        return Done;
    }

    private static async Task<int> ServeAsync(WebApplication app, TextWriter output)
    {
        await app.StartAsync();
        output.WriteLine($"ready at {app.Urls.First()}");
        await app.WaitForShutdownAsync();
        return Done;
    }
}
