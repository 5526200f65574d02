namespace AIOrleans.Storage.Migrations;

/// <summary>Decides what to apply to a database, or why not to touch it.</summary>
internal static class MigrationPlan
{
    /// <summary>The migrations still to apply, in order.</summary>
    /// <exception cref="InvalidOperationException">The database was made by another or a newer program; the message says what to do.</exception>
    public static IReadOnlyList<Migration> Of(IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        foreach (AppliedMigration row in applied)
        {
            Migration migration = known.FirstOrDefault(m => m.Number == row.Number)
                ?? throw new InvalidOperationException(
                    $"The database has migration {row.Name}, which this version does not know (it knows up to {LastOf(known)}): a newer version of "
                    + "AIOrleans has used it. Start that version, or restore a backup made before the upgrade.");
            if (migration.Checksum != row.Checksum)
            {
                throw new InvalidOperationException(
                    $"Migration {row.Name} was applied to the database with another text than this version has ({migration.Name}). A released migration "
                    + "is never edited: use the version that made the database, or put the difference into a new migration.");
            }
        }

        int last = applied.Count == 0 ? 0 : applied.Max(row => row.Number);
        List<Migration> pending = [.. known.Where(m => applied.All(row => row.Number != m.Number))];
        if (pending.Find(m => m.Number < last) is { } missed)
        {
            throw new InvalidOperationException($"Migration {missed.Name} was skipped although later ones were applied: restore a backup.");
        }

        return pending;
    }

    private static string LastOf(IReadOnlyList<Migration> known) => known.Count == 0 ? "none" : known[^1].Name;
}
