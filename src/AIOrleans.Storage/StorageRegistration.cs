using AIOrleans.Core.Ports;
using AIOrleans.Storage.Answers;
using AIOrleans.Storage.Journal;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Objects;
using AIOrleans.Storage.Postgres;
using AIOrleans.Storage.Secrets;
using AIOrleans.Storage.Sqlite;
using AIOrleans.Storage.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Storage;

/// <summary>Registers storage.</summary>
public static class StorageRegistration
{
    private const string DefaultFile = "aiorleans.db";
    private const string JournalName = "outage.journal";

    /// <summary>
    /// Adds <see cref="ILedger"/>, <see cref="IOutageJournal"/>, <see cref="IDirectoryStore"/>, <see cref="IUsageReports"/>, <see cref="IPriceStore"/>,
    /// <see cref="IBillReads"/>, <see cref="ISiloStore"/>, <see cref="IFactStore"/>, <see cref="IAnswerStore"/>, <see cref="IObjectStore"/>, <see cref="ISecretVault"/> and <see cref="IStorageStartup"/>, which must be awaited before the others are used.
    /// </summary>
    /// <param name="configuration">Sections <c>Storage</c> and <c>Ledger</c>; <c>AIORLEANS_DATA</c> and <c>AIORLEANS_MASTER_KEY</c> at its root.</param>
    public static IServiceCollection AddAIOrleansStorage(this IServiceCollection services, IConfiguration configuration)
    {
        string dataDirectory = configuration["AIORLEANS_DATA"] is { Length: > 0 } named ? named : "data";
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection("Storage")).ValidateOnStart();
        services.AddOptions<LedgerOptions>().Bind(configuration.GetSection("Ledger")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LedgerOptions>, LedgerOptionsValidator>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => MasterKey.Load(
            configuration[MasterKey.Variable], Path.Combine(dataDirectory, "master.key"), provider.GetRequiredService<ILogger<MasterKey>>()));
        services.TryAddSingleton<ISecretVault, SecretVault>();
        services.TryAddSingleton(provider => MakeEngine(provider, dataDirectory));
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Ledger);
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Directory);
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Reports);
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Answers);
        services.TryAddSingleton<AnswerVault>();
        services.TryAddSingleton<IAnswerStore, AnswerStore>();
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Objects);
        services.TryAddSingleton<IObjectStore, ObjectStore>();
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Prices);
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Bills);
        services.AddMetrics();
        services.TryAddSingleton<LedgerMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StorageGauges>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Silos);
        services.TryAddSingleton(provider => provider.GetRequiredService<IStorageEngine>().Facts);
        services.TryAddSingleton(provider => new GroupCommit(
            provider.GetRequiredService<ILedgerStore>(), provider.GetRequiredService<IOptions<LedgerOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<GroupCommit>>(), provider.GetRequiredService<LedgerMetrics>()));
        services.TryAddSingleton<ILedger, UsageLedger>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IQueueDepth, GroupCommit>(provider => provider.GetRequiredService<GroupCommit>()));
        services.TryAddSingleton<IOutageJournal>(provider => new OutageJournal(
            Path.Combine(dataDirectory, JournalName), provider.GetRequiredService<IOptions<LedgerOptions>>().Value.JournalBytesMax,
            provider.GetRequiredService<ILogger<OutageJournal>>()));
        services.TryAddSingleton<IStorageStartup, StorageStartup>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WindowPruning>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AnswerSweep>());
        return services;
    }

    private static IStorageEngine MakeEngine(IServiceProvider provider, string dataDirectory)
    {
        StorageOptions storage = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
        LedgerOptions ledger = provider.GetRequiredService<IOptions<LedgerOptions>>().Value;
        var clock = provider.GetRequiredService<TimeProvider>();
        if (storage.IsPostgreSql)
        {
            return new PostgresEngine(storage, ledger, clock, provider.GetRequiredService<ILogger<PostgresEngine>>());
        }

        string path = storage.Path.Length > 0 ? storage.Path : Path.Combine(dataDirectory, DefaultFile);
        return new SqliteEngine(path, storage, ledger, clock, provider.GetRequiredService<ILogger<SqliteEngine>>());
    }
}
