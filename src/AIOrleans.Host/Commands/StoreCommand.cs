using AIOrleans.Core.Ports;
using AIOrleans.Host.Startup;
using AIOrleans.Identity;
using AIOrleans.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Commands;

/// <summary>Commands that open the store, do one thing and end. They serve nothing, and need no silo.</summary>
internal static class StoreCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadUse = 2;

    /// <summary>Opens the store that a gateway with the same options would serve from.</summary>
    /// <param name="instead">What a running gateway offers for the same, since one SQLite file serves one process.</param>
    /// <param name="work">Gives the exit code.</param>
    public static async Task<int> RunAsync(CommandLine line, string instead, Func<IServiceProvider, CancellationToken, Task<int>> work)
    {
        try
        {
            IConfigurationRoot configuration = Configure(line);
            await using ServiceProvider services = Build(configuration);
            await services.GetRequiredService<IStorageStartup>().PrepareAsync(CancellationToken.None);
            return await work(services, CancellationToken.None);
        }
        catch (OptionsValidationException options)
        {
            Banner.PrintMistakes(Console.Error, [options]);
            return BadUse;
        }
        catch (Exception exception) when (exception is InvalidOperationException or StoreUnavailableException or IOException or UnauthorizedAccessException
            or FormatException or DllNotFoundException)
        {
            await Console.Error.WriteLineAsync($"This did not work: {exception.Message} (A gateway that is running does the same: {instead}.)");
            return Failed;
        }
    }

    private static IConfigurationRoot Configure(CommandLine line)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(line.Options.Select(option => new KeyValuePair<string, string?>(option.Key[2..], option.Value)))
            .Build();
        HostSettings settings = HostSettings.From(configuration);
        if (!Directory.Exists(settings.DataFolder))
        {
            throw new InvalidOperationException(
                $"There is no data folder {settings.DataFolder}. Name the gateway's with --data or AIORLEANS_DATA; its first start makes it.");
        }

        configuration["AIORLEANS_DATA"] = settings.DataFolder;
        return configuration;
    }

    private static ServiceProvider Build(IConfigurationRoot configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning));
        services.AddSingleton(TimeProvider.System);
        services.AddAIOrleansStorage(configuration);
        services.AddSingleton<LivePrices>();
        return services.BuildServiceProvider();
    }
}
