using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Directory;
using AIOrleans.Grains;
using AIOrleans.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace AIOrleans.Benchmarks.Grains;

/// <summary>Storage, silo and grains as the product composes them, without HTTP, on a directory that is deleted at the end.</summary>
internal sealed class HoldSettleHost : IAsyncDisposable
{
    private readonly IHost host;
    private readonly DirectoryInfo folder;

    private HoldSettleHost(IHost host, DirectoryInfo folder, HoldSettleLoad load)
    {
        this.host = host;
        this.folder = folder;
        Load = load;
    }

    public IServiceProvider Services => host.Services;

    public HoldSettleLoad Load { get; }

    public static async Task<HoldSettleHost> StartAsync(string durability, int keyCount)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("aiorleans-bench-");
        var load = new HoldSettleLoad(keyCount);

        // Not the default builder: it watches the current directory and all below it, and would see every write of the database.
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AIORLEANS_DATA"] = folder.FullName,
            ["Ledger:Durability"] = durability,
        });
        builder.Services.AddSingleton<IDirectory>(load);
        builder.Services.AddAIOrleansStorage(builder.Configuration);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddMemoryStreams(UsageStream.Provider));
        builder.Services.AddAIOrleansGrains(builder.Configuration);
        var made = new HoldSettleHost(builder.Build(), folder, load);
        await made.Services.GetRequiredService<IStorageStartup>().PrepareAsync(CancellationToken.None);
        await made.host.StartAsync();
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        folder.Delete(recursive: true);
    }
}
