using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Storage;

/// <summary>The order in which storage starts. Resolves its parts late, so that wrong options are reported before anything is built from them.</summary>
internal sealed class StorageStartup(IServiceProvider services, ILogger<StorageStartup> logger) : IStorageStartup
{
    private const string KeyFact = "master_key_id";

    private readonly Lock gate = new();
    private Task? prepared;

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A failed start may be tried again: PostgreSQL may come up later than we do.
            return prepared is { IsFaulted: false, IsCanceled: false } ? prepared : prepared = PrepareOnceAsync(cancellationToken);
        }
    }

    private async Task PrepareOnceAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        var key = services.GetRequiredService<MasterKey>();
        var engine = services.GetRequiredService<IStorageEngine>();
        await engine.PrepareAsync(cancellationToken);
        string stored = await engine.ReadOrAddFactAsync(KeyFact, key.Id, cancellationToken);
        if (stored != key.Id)
        {
            throw new InvalidOperationException(
                $"The database was set up with master key {stored}, and this process has {key.Id} ({key.Source}). With another key no API key would be known and no "
                + "credential could be opened: set AIORLEANS_MASTER_KEY, or bring back the master.key file, of the installation that made the database.");
        }

        services.GetRequiredService<GroupCommit>().Start();
        StorageLog.Ready(logger, engine.Name);
    }
}
