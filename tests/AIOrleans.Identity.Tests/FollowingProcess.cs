using AIOrleans.Core.Directory;
using AIOrleans.Core.Tests.Directory;
using AIOrleans.Identity.Telemetry;
using AIOrleans.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tests;

/// <summary>One process on a shared store; it looks only when the test says so.</summary>
internal sealed class FollowingProcess : IDisposable
{
    private readonly TestVault vault = new();
    private readonly LivePrices prices = new(new MemoryPriceStore());

    public FollowingProcess(string name, MemoryStore store, MemorySilos silos, TimeProvider clock)
    {
        IOptions<DirectoryOptions> options = Options.Create(new DirectoryOptions());
        var facts = new TestSilo(name);
        Directory = new LiveDirectory(store, vault, NullLogger<LiveDirectory>.Instance);
        Freshness = new DirectoryFreshness(silos, options, clock);
        Follower = new StoreFollower(Directory, prices, silos, facts, Freshness, new DirectoryAge(clock), options, clock);
        Spread = new ChangeSpread(silos, facts, Directory, prices, options, clock, NullLogger<ChangeSpread>.Instance);
    }

    public LiveDirectory Directory { get; }

    public DirectoryFreshness Freshness { get; }

    public StoreFollower Follower { get; }

    public ChangeSpread Spread { get; }

    public Task LookAsync() => Follower.LookAsync(CancellationToken.None);

    /// <summary>Writes an admin.</summary>
    public Task WriteAsync(string id) => Directory.WriteAsync([DirectoryJson.Write(new AdminConfig(id, vault.HashKey(id)), vault)], null, CancellationToken.None);

    public void Dispose()
    {
        Directory.Dispose();
        prices.Dispose();
    }
}
