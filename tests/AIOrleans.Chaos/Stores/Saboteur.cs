using System.Data.Common;

namespace AIOrleans.Chaos.Stores;

/// <summary>Breaks the ledger behind the gateway's back, so that it shows whether the audit would notice.</summary>
internal sealed class Saboteur(IStore store, Sabotage sabotage)
{
    /// <summary>Told usage only: an orphan's estimate could be mistaken for one that was never made.</summary>
    private const string Told = "estimated = 0 AND requests = 1 ORDER BY sequence DESC LIMIT 3";

    /// <summary>Rows changed so far; a run in which this stays 0 proves nothing.</summary>
    public int Rows { get; private set; }

    /// <summary>Once the database is there, before anybody calls.</summary>
    public async Task PrepareAsync()
    {
        if (sabotage == Sabotage.Fencing)
        {
            await ExecuteAsync(
                "CREATE FUNCTION chaos_keep_epoch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.epoch := OLD.epoch; RETURN NEW; END'",
                "CREATE TRIGGER chaos_keep_epoch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION chaos_keep_epoch()");
        }
    }

    /// <summary>While a gateway is down.</summary>
    public Task WhileDownAsync() => sabotage switch
    {
        Sabotage.LostEvents => ExecuteAsync($"DELETE FROM usage_event WHERE sequence IN (SELECT sequence FROM usage_event WHERE {Told})"),
        Sabotage.DoubledEvents => ExecuteAsync(
            $"CREATE TABLE chaos_copy AS SELECT * FROM usage_event WHERE sequence > 0 AND {Told}",
            "UPDATE chaos_copy SET attempt = attempt + 8, sequence = -sequence",
            "DELETE FROM chaos_copy WHERE sequence IN (SELECT sequence FROM usage_event)",
            "INSERT INTO usage_event SELECT * FROM chaos_copy",
            "DROP TABLE chaos_copy"),
        Sabotage.Windows => ExecuteAsync("UPDATE account_window SET requests = requests / 2, tokens = tokens / 2, cost_nano = cost_nano / 2"),
        Sabotage.Holds => ExecuteAsync("DELETE FROM hold"),
        Sabotage.Cost => ExecuteAsync($"UPDATE usage_event SET cost_nano = cost_nano + 1 WHERE sequence IN (SELECT sequence FROM usage_event WHERE {Told})"),
        _ => Task.CompletedTask,
    };

    private async Task ExecuteAsync(params string[] statements)
    {
        await using DbConnection connection = await store.ConnectAsync();
        foreach (string sql in statements)
        {
            await using DbCommand command = connection.CreateCommand();
            command.CommandText = sql;
            Rows += Math.Max(await command.ExecuteNonQueryAsync(), 0);
        }
    }
}
