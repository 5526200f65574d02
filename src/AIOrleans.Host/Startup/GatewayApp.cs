using AIOrleans.Core.Ports;
using AIOrleans.Core.Silos;
using AIOrleans.Gateway;
using AIOrleans.Gateway.Endpoints;
using AIOrleans.Grains;
using AIOrleans.Host.Metrics;
using AIOrleans.Host.Silo;
using AIOrleans.Host.Tracing;
using AIOrleans.Identity;
using AIOrleans.Management;
using AIOrleans.Providers;
using AIOrleans.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Startup;

/// <summary>Composes the whole gateway, and starts it in the order that its parts need.</summary>
internal static class GatewayApp
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Options are read at the start only. Looking out for a change of appsettings.json would be told of every write to a database below the working directory.</summary>
    private const string NoReload = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Logs a start that failed with its whole stack, and then <see cref="ServeCommand"/> says it in a line. What it calls critical is told.</summary>
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>While this may log anything, ASP.NET makes an activity for each request, which flows through every await of it. The gateway has spans of its own.</summary>
    private const string RequestCategory = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Added to the drain before the host gives up: settlements and the ledger's last batch.</summary>
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(1.5);

    /// <summary>Registers everything. Services stop in the reverse order: requests, settlements, grains, ledger.</summary>
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder([NoReload, .. args]);
        HostSettings settings = HostSettings.From(builder.Configuration);
        MakeDataFolder(settings.DataFolder);
        builder.Configuration["AIORLEANS_DATA"] = settings.DataFolder;
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("AIOrleans", LogLevel.Information)
            .AddFilter(HostCategory, LogLevel.Critical).AddFilter(RequestCategory, LogLevel.None);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddAIOrleansStorage(builder.Configuration);
        builder.UseAIOrleansSilo();
        builder.Services.AddAIOrleansGrains(builder.Configuration);
        builder.Services.AddSingleton<ProcessLoad>();
        builder.Services.AddSingleton<ISiloFacts, SiloFacts>();
        builder.Services.AddAIOrleansIdentity(builder.Configuration);
        builder.Services.AddAIOrleansProviders();
        builder.Services.AddAIOrleansGateway(builder.Configuration);
        builder.Services.AddAIOrleansManagement();
        builder.Services.AddAIOrleansMetrics(builder.Configuration);
        builder.Services.AddAIOrleansExport(builder.Configuration);
        builder.Services.AddSingleton<AppliedConfig>();
        builder.Services.AddSingleton<ConfigApplier>();
        builder.Services.AddHostedService<ConfigWatcher>();

        GatewayOptions gateway = builder.Configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new GatewayOptions();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(gateway.DrainSeconds) + StopMargin);
        if (gateway.InlineIo)
        {
            InlineIo.Use(builder);
        }

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The gateway bounds bodies itself, with an answer that its clients understand.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        WebApplication app = builder.Build();

        // All options before the first service that reads any: every mistake is told at once.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        InlineIo.KeepForCalls(app);
        app.UseAIOrleansGateway();
        app.MapAIOrleansGateway(servesCalls: SiloSetup.RoleOf(app.Configuration) != SiloRoles.Back);
        app.MapAIOrleansManagement();
        app.MapAIOrleansMetrics();
        return app;
    }

    /// <summary>Prepares storage, applies the configuration, then starts the silo and listens.</summary>
    /// <exception cref="ConfigMistakesException">The configuration file is refused; nothing was started.</exception>
    public static async Task<StartReport> StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await app.Services.GetRequiredService<IStorageStartup>().PrepareAsync(cancellationToken);
        FirstKeys? keys = await app.Services.GetRequiredService<ConfigApplier>().ApplyAtStartAsync(cancellationToken);
        await StartOrStopAsync(app, cancellationToken);
        app.Services.GetRequiredService<Readiness>().MarkReady();
        ICollection<string> addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return new StartReport(addresses.First(), keys, app.Services.GetRequiredService<HostSettings>());
    }

    private static void MakeDataFolder(string folder)
    {
        try
        {
            System.IO.Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"the data folder {folder} cannot be made. {exception.Message} Name another with --data or AIORLEANS_DATA.", exception);
        }
    }

    /// <summary>A start that fails half-way stops what had started, as a stop would: nothing is torn down while it runs.</summary>
    private static async Task StartOrStopAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }
}

/// <summary>What a start has to tell.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="Keys">Keys made by a first start, to be shown once; null otherwise.</param>
internal sealed record StartReport(string Url, FirstKeys? Keys, HostSettings Settings);
