using AIOrleans.Core.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Storage.Tests.Support;

/// <summary>Storage as a host would have it: registered, configured and prepared.</summary>
internal sealed class StorageHost : IAsyncDisposable
{
    /// <summary>One key for all test databases, so that a test may open one twice.</summary>
    public const string MasterKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private readonly ServiceProvider services;

    private StorageHost(ServiceProvider services) => this.services = services;

    public ILedger Ledger => Get<ILedger>();

    public IDirectoryStore Directory => Get<IDirectoryStore>();

    public IUsageReports Reports => Get<IUsageReports>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Builds the services without preparing them.</summary>
    public static StorageHost Build(IReadOnlyDictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AIORLEANS_MASTER_KEY"] = MasterKey };
        foreach ((string name, string? value) in settings)
        {
            all[name] = value;
        }

        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddAIOrleansStorage(configuration);
        return new StorageHost(services.BuildServiceProvider());
    }

    public static async Task<StorageHost> OpenAsync(IReadOnlyDictionary<string, string?> settings)
    {
        StorageHost host = Build(settings);
        try
        {
            await host.PrepareAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public Task PrepareAsync() => Get<IStorageStartup>().PrepareAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
