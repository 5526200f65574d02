using System.Collections.Concurrent;
using AIOrleans.Core.Ledger;
using SQLitePCL;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Numbers and epochs of accounts, cached: this process is the only writer, so that what it has written is what is stored.</summary>
/// <remarks>Only within the writer's turn, but for <see cref="FindKnown"/> and <see cref="AreKnownCurrent"/>. After a rollback <see cref="Forget"/> must be called.</remarks>
internal sealed class SqliteAccounts(SqliteWriter writer)
{
    /// <summary>Entries kept, some 100 bytes each; when full all are dropped, and the active ones come back with one look-up each.</summary>
    private const int EntriesMax = 200_000;

    /// <summary>Paths whose numbers are kept, some 400 bytes each.</summary>
    private const int PathsMax = 20_000;

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long[]> paths = new(StringComparer.Ordinal);
    private readonly SqliteStatement find = new(writer, "SELECT account_no, epoch FROM account WHERE name = ?");
    private readonly SqliteStatement add = new(writer, "INSERT INTO account (name, epoch) VALUES (?, 0)");
    private readonly SqliteStatement begin = new(writer, "UPDATE account SET epoch = ? WHERE account_no = ?");

    /// <summary>The account's number, given now when it had none.</summary>
    public long NumberOf(string name) => FindOrAdd(name).Number;

    /// <summary>The numbers of all accounts of a path, as <see cref="Ledger.PathText"/> writes it.</summary>
    public long[] NumbersOf(string path)
    {
        if (!paths.TryGetValue(path, out long[]? numbers))
        {
            if (paths.Count >= PathsMax)
            {
                paths.Clear();
            }

            numbers = [.. path.Split(' ').Select(NumberOf)];
            paths[path] = numbers;
        }

        return numbers;
    }

    /// <summary>The account's number; null when the cache has none. Of any thread.</summary>
    public long? FindKnown(string name) => entries.TryGetValue(name, out Entry entry) ? entry.Number : null;

    /// <summary>True when the cache says that no account was loaded since its grant. Of the thread that loads accounts.</summary>
    public bool AreKnownCurrent(IReadOnlyList<AccountGrant> grants)
    {
        for (int i = 0; i < grants.Count; i++)
        {
            if (!entries.TryGetValue(grants[i].Account.ToString(), out Entry entry) || entry.Epoch != grants[i].Epoch)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when no account was loaded since its grant. Writes nothing.</summary>
    public bool AreCurrent(IReadOnlyList<AccountGrant> grants)
    {
        for (int i = 0; i < grants.Count; i++)
        {
            // An account without a number was never loaded, and grants nothing.
            if (Find(grants[i].Account.ToString())?.Epoch != grants[i].Epoch)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Begins a new epoch, which fences grants of all older ones.</summary>
    public (long Number, long Epoch) BeginEpoch(string name)
    {
        Entry entry = FindOrAdd(name);
        entry = entry with { Epoch = entry.Epoch + 1 };
        begin.Start().Bind(entry.Epoch).Bind(entry.Number).Execute();
        entries[name] = entry;
        return (entry.Number, entry.Epoch);
    }

    /// <summary>Drops the cache: a transaction that changed it did not commit.</summary>
    public void Forget()
    {
        entries.Clear();
        paths.Clear();
    }

    private Entry FindOrAdd(string name)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        // Not RETURNING, which SQLite has only since 3.35.
        add.Start().Bind(name).Execute();
        var added = new Entry(raw.sqlite3_last_insert_rowid(writer.Connection.Handle), 0);
        entries[name] = added;
        return added;
    }

    private Entry? Find(string name)
    {
        if (entries.TryGetValue(name, out Entry entry))
        {
            return entry;
        }

        find.Start().Bind(name);
        if (!find.Read())
        {
            return null;
        }

        if (entries.Count >= EntriesMax)
        {
            entries.Clear();
        }

        entry = new Entry(find.Long(0), find.Long(1));
        find.Reset();
        entries[name] = entry;
        return entry;
    }

    private readonly record struct Entry(long Number, long Epoch);
}
