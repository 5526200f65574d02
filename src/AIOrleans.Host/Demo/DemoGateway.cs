using AIOrleans.Host.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace AIOrleans.Host.Demo;

/// <summary>The tour's own gateway, in this process: on a free port, with a temporary data folder, and silent but for errors.</summary>
internal sealed class DemoGateway : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;

    private DemoGateway(WebApplication app, string folder, string url)
    {
        this.app = app;
        this.folder = folder;
        Url = new Uri(url);
    }

    public Uri Url { get; }

    /// <summary>Cancelled by Ctrl+C.</summary>
    public CancellationToken Stopping => app.Lifetime.ApplicationStopping;

    public static async Task<DemoGateway> StartAsync()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("aiorleans-demo-").FullName;
        WebApplication? app = null;
        try
        {
            string configPath = Path.Combine(folder, "demo.jsonc");
            await File.WriteAllTextAsync(configPath, DemoConfig.Json(), CancellationToken.None);
            app = GatewayApp.Build(Arguments(folder, configPath));
            StartReport report = await GatewayApp.StartAsync(app, CancellationToken.None);
            return new DemoGateway(app, folder, report.Url);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            System.IO.Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        System.IO.Directory.Delete(folder, recursive: true);
    }

    /// <summary>Names storage and address outright: variables of the environment may point to a real gateway's.</summary>
    private static string[] Arguments(string folder, string configPath) =>
    [
        "--config", configPath,
        "--data", folder,
        "--urls", "http://127.0.0.1:0",
        "--Storage:Provider", "sqlite",
        "--Storage:Path", Path.Combine(folder, "demo.db"),
        "--Logging:LogLevel:Default", "Error",
        "--Logging:LogLevel:AIOrleans", "Error",
    ];
}
