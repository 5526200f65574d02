using System.Net.Sockets;
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
            Banner.PrintMistakes(Console.Error, [options]);
            return BadConfiguration;
        }
        catch (AggregateException several) when (several.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            Banner.PrintMistakes(Console.Error, several.InnerExceptions.Cast<OptionsValidationException>());
            return BadConfiguration;
        }
        catch (Exception exception) when (IsOfTheSurroundings(exception))
        {
            await Console.Error.WriteLineAsync($"AIOrleans cannot start: {exception.Message}{Hint(exception)}");
            return CannotStart;
        }
    }

    private static string Hint(Exception exception) => exception is SocketException or FormatException ? " Check --urls or ASPNETCORE_URLS." : "";

    /// <summary>True for what an operator can put right: addresses, files, rights, the store. Anything else is a bug, whose stack is wanted.</summary>
    private static bool IsOfTheSurroundings(Exception exception) => exception
        is InvalidOperationException or StoreUnavailableException or IOException or UnauthorizedAccessException or SocketException or FormatException or DllNotFoundException;
}
