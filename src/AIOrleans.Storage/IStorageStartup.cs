namespace AIOrleans.Storage;

/// <summary>Makes storage ready. The host awaits it before it serves anything.</summary>
public interface IStorageStartup
{
    /// <summary>Checks the options, opens the database, applies migrations, checks the master key and starts the ledger. Once; later calls await the first.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">Options are wrong: every mistake.</exception>
    /// <exception cref="InvalidOperationException">The database cannot be used; the message says what to change.</exception>
    /// <exception cref="Core.Ports.StoreUnavailableException">The database cannot be reached.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);
}
