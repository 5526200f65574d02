using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;
using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Remembers which settlements were an orphan keeper's estimate, until the true usage replaces them. Only within the writer's turn.</summary>
internal sealed class SqliteEstimates(SqliteWriter writer)
{
    /// <summary>The clock of the machine, as the database reads it.</summary>
    public const string NowMicros = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)";

    private readonly SqliteStatement add = new(
        writer, "INSERT INTO orphan_estimate (hold_id, minute_start, hour_start, day_start, month_start) VALUES (?, ?, ?, ?, ?)");

    private readonly SqliteStatement find = new(
        writer, "SELECT minute_start, hour_start, day_start, month_start FROM orphan_estimate WHERE hold_id = ? AND replaced_at IS NULL");

    private readonly SqliteStatement replace = new(writer, $"UPDATE orphan_estimate SET replaced_at = {NowMicros} WHERE hold_id = ?");

    public void Add(SettlementRow row) =>
        add.Start().Bind(row.HoldId.Value).Bind(row.Windows.Minute).Bind(row.Windows.Hour).Bind(row.Windows.Day).Bind(row.Windows.Month).Execute();

    public void MarkReplaced(HoldId id) => replace.Start().Bind(id.Value).Execute();

    /// <summary>The estimate of a hold that still stands for its usage; null when there is none.</summary>
    public StandingEstimate? Find(HoldId id)
    {
        find.Start().Bind(id.Value);
        if (!find.Read())
        {
            return null;
        }

        var windows = new WindowMicros(find.Long(0), find.Long(1), find.Long(2), find.Long(3));
        find.Reset();
        return StandingEstimate.Of(windows, ReadEvents(id));
    }

    private List<(UsageEvent Event, int LocalDay)> ReadEvents(HoldId id)
    {
        using SqliteCommand command = writer.Connection.CreateCommand();
        command.CommandText = $"SELECT {EventColumns.Selected}, local_day FROM usage_event WHERE hold_id = @id";
        command.Parameters.AddWithValue("@id", id.Value.ToByteArray(bigEndian: true));
        using SqliteDataReader reader = command.ExecuteReader();
        List<(UsageEvent, int)> events = [];
        while (reader.Read())
        {
            events.Add((EventColumns.Read(reader), reader.GetInt32(EventColumns.SelectedCount)));
        }

        return events;
    }
}
