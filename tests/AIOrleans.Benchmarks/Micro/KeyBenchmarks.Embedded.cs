using System.Globalization;
using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;
using AIOrleans.Storage;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Benchmarks.Micro;

/// <summary>Who is calling, in a directory of 100,000 keys that was loaded as a start does.</summary>
public class KeyBenchmarks : IDirectory
{
    private const int Keys = 100_000;

    /// <summary>Keys that take turns: more than a processor's cache has room for.</summary>
    private const int KeysInUse = 10_000;

    private readonly string[] secrets = [.. Enumerable.Range(0, KeysInUse).Select(SecretOf)];
    private CallerDirectory? callers;
    private int turn;

    public DirectorySnapshot Current { get; private set; } = DirectorySnapshot.Empty;

    [GlobalSetup]
    public void Setup()
    {
        var settings = new Dictionary<string, string?> { ["AIORLEANS_MASTER_KEY"] = Convert.ToBase64String(new byte[32]) };
        using ServiceProvider services = new ServiceCollection().AddLogging()
            .AddAIOrleansStorage(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
        ISecretVault vault = services.GetRequiredService<ISecretVault>();
        var load = new DirectoryLoad();
        Add(new TenantConfig("acme", "UTC", LimitsConfig.None, AccessConfig.Default));
        Add(new OrgConfig("acme", "eng", LimitsConfig.None, AccessConfig.Default, new Dictionary<string, LimitsConfig>()));
        for (int i = 0; i < Keys; i++)
        {
            Add(new KeyConfig(
                "acme", "eng", string.Create(CultureInfo.InvariantCulture, $"k{i}"), null, null, null, vault.HashKey(SecretOf(i)), [], LimitsConfig.None, AccessConfig.Default, null, false));
        }

        Current = load.Finish(1, vault);
        callers = new CallerDirectory(this, vault, TimeProvider.System);
        Array.ForEach(secrets, secret => callers.Identify(secret));

        void Add(DirectoryEntry entry) =>
            load.Add(entry.RecordKind, Encoding.UTF8.GetBytes(entry.RecordId), Encoding.UTF8.GetBytes(DirectoryJson.Write(entry, vault).Body));
    }

    /// <summary>The hash of the secret, and its caller.</summary>
    [Benchmark(Description = "identify_key")]
    public Identification.Identified Identify() =>
        // ! Set up before any call.
        (Identification.Identified)callers!.Identify(secrets[++turn % KeysInUse]);

    private static string SecretOf(int key) => string.Create(CultureInfo.InvariantCulture, $"sk-aio-benchmark-key-{key:00000000}");
}
