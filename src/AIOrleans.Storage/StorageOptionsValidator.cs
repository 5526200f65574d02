using Microsoft.Extensions.Options;
using Npgsql;

namespace AIOrleans.Storage;

/// <summary>Lists every mistake of <see cref="StorageOptions"/> at once.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        List<string> mistakes = [];
        if (!options.IsPostgreSql && !string.Equals(options.Provider, StorageOptions.Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add($"Storage:Provider is '{options.Provider}'; it must be 'sqlite' or 'postgresql'.");
        }

        if (options.IsPostgreSql)
        {
            CheckConnectionString(options.ConnectionString, mistakes);
        }

        if (options.ReportTimeoutSeconds is < 1 or > 600)
        {
            mistakes.Add($"Storage:ReportTimeoutSeconds is {options.ReportTimeoutSeconds}; it must be 1 to 600.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static void CheckConnectionString(string connectionString, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            mistakes.Add("Storage:ConnectionString is missing; with Storage:Provider=postgresql it must be one such as 'Host=db;Database=aiorleans;Username=aiorleans'.");
            return;
        }

        try
        {
            if (new NpgsqlConnectionStringBuilder(connectionString).Host is null or "")
            {
                mistakes.Add("Storage:ConnectionString names no Host.");
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The message of the parser names the keyword, not its value: a password never gets into it.
            mistakes.Add($"Storage:ConnectionString cannot be read: {e.Message}");
        }
    }
}

/// <summary>Likewise for <see cref="LedgerOptions"/>.</summary>
internal sealed class LedgerOptionsValidator : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        List<string> mistakes = [];
        Check(nameof(options.BatchSizeMax), options.BatchSizeMax, 1, 4000, mistakes);
        Check(nameof(options.SettleDelayMaxMs), options.SettleDelayMaxMs, 0, 10, mistakes);
        Check(nameof(options.QueueMax), options.QueueMax, 100, 1_000_000, mistakes);
        Check(nameof(options.StoreTimeoutSeconds), options.StoreTimeoutSeconds, 1, 60, mistakes);
        Check(nameof(options.JournalBytesMax), options.JournalBytesMax, 64 * 1024, 16L * 1024 * 1024 * 1024, mistakes);
        if (!Enum.IsDefined(options.Durability))
        {
            mistakes.Add($"Ledger:Durability is '{options.Durability}'; it must be 'strict' or 'fast'.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static void Check(string name, long value, long min, long max, List<string> mistakes)
    {
        if (value < min || value > max)
        {
            mistakes.Add($"Ledger:{name} is {value}; it must be {min} to {max}.");
        }
    }
}
