using AIOrleans.Core.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Startup;

/// <summary>Serves until it is told to stop.</summary>
internal static class ServeCommand
{
    private const int Stopped = 0;
    private const int CannotStart = 1;
    private const int BadConfiguration = 2;

    /// <returns>0 after a clean stop, 1 when it could not start, 2 when the configuration has mistakes.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using WebApplication app = GatewayApp.Build(args);
            StartReport report = await GatewayApp.StartAsync(app, CancellationToken.None);
            Banner.Print(Console.Out, report);
            await app.WaitForShutdownAsync();
            return Stopped;
        }
        catch (ConfigMistakesException mistakes)
        {
            Banner.PrintMistakes(Console.Error, mistakes);
            return BadConfiguration;
        }
        catch (OptionsValidationException options)
        {
            await Console.Error.WriteLineAsync("AIOrleans cannot start: its options have mistakes.");
            foreach (string failure in options.Failures)
            {
                await Console.Error.WriteLineAsync($"  {failure}");
            }

            return BadConfiguration;
        }
        catch (Exception exception) when (exception is InvalidOperationException or StoreUnavailableException or IOException or DllNotFoundException)
        {
            await Console.Error.WriteLineAsync($"AIOrleans cannot start: {exception.Message}");
            return CannotStart;
        }
    }
}
