using Dapper;
using Orleans.Compat.State;
using Orleans.Runtime;

namespace Orleans.Compat.Reminders;

/// <summary>Keeps reminders in a SQLite file. Times are ticks, UTC.</summary>
internal sealed class SqliteReminderStore : IReminderStore, IDisposable
{
    private const string Schema =
        "CREATE TABLE IF NOT EXISTS reminder (grain TEXT NOT NULL, name TEXT NOT NULL, first_at INTEGER NOT NULL, period INTEGER NOT NULL, next_at INTEGER NOT NULL, "
        + "PRIMARY KEY (grain, name)) WITHOUT ROWID";

    private readonly SqliteFile file;

    internal SqliteReminderStore(string path) => file = new SqliteFile(path, Schema);

    public void Dispose() => file.Dispose();

    public IReadOnlyList<Reminder> ReadAll() => file.Use(static connection =>
        connection.Query<(string Grain, string Name, long FirstAt, long Period, long NextAt)>("SELECT grain, name, first_at, period, next_at FROM reminder")
            .Select(static row => new Reminder(GrainId.Parse(row.Grain), row.Name, At(row.FirstAt), TimeSpan.FromTicks(row.Period), At(row.NextAt)))
            .ToList());

    public void Write(Reminder reminder) => file.Use(connection => connection.Execute(
        "INSERT INTO reminder (grain, name, first_at, period, next_at) VALUES (@grain, @name, @first, @period, @next) "
        + "ON CONFLICT (grain, name) DO UPDATE SET first_at = @first, period = @period, next_at = @next",
        new
        {
            grain = reminder.GrainId.ToString(),
            name = reminder.Name,
            first = reminder.FirstAt.UtcTicks,
            period = reminder.Period.Ticks,
            next = reminder.NextAt.UtcTicks,
        }));

    public void Remove(GrainId grainId, string name) =>
        file.Use(connection => connection.Execute("DELETE FROM reminder WHERE grain = @grain AND name = @name", new { grain = grainId.ToString(), name }));

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
