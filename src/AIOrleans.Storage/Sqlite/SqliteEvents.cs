using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Writes usage events. Only within the writer's turn.</summary>
internal sealed class SqliteEvents(SqliteWriter writer)
{
    private readonly SqliteStatement insert = new(
        writer, $"INSERT INTO usage_event (sequence, {EventColumns.Inserted}) VALUES ({string.Join(',', Enumerable.Repeat("?", EventColumns.InsertedCount + 1))})");

    private readonly SqliteStatement attempts = new(writer, "SELECT attempt FROM usage_event WHERE hold_id = ?");
    private readonly SqliteStatement delete = new(writer, "DELETE FROM usage_event WHERE hold_id = ?");

    /// <summary>The attempts of a hold that are recorded.</summary>
    public HashSet<int> AttemptsOf(HoldId id)
    {
        HashSet<int> known = [];
        attempts.Start().Bind(id.Value);
        while (attempts.Read())
        {
            known.Add((int)attempts.Long(0));
        }

        return known;
    }

    /// <param name="sequence">Null: the next one.</param>
    public void Insert(SettlementRow row, UsageEvent e, long? sequence) =>
        insert.Start().Bind(sequence).Bind(row.HoldId.Value).Bind(e.Attempt).Bind(row.Path)
            .Bind(row.PathOf(AccountKind.Tenant)).Bind(row.PathOf(AccountKind.Org)).Bind(row.PathOf(AccountKind.Team))
            .Bind(row.PathOf(AccountKind.User)).Bind(row.PathOf(AccountKind.App))
            .Bind(e.Attribution.KeyId).Bind(e.Attribution.Model).Bind(e.Attribution.TimeZone).Bind(row.Tags)
            .Bind(e.Operation).Bind(e.Requests)
            .Bind(e.Usage.UncachedInput).Bind(e.Usage.CacheRead).Bind(e.Usage.CacheWrite5m).Bind(e.Usage.CacheWrite1h)
            .Bind(e.Usage.Output).Bind(e.Usage.Reasoning).Bind(e.Usage.AudioInput).Bind(e.Usage.AudioOutput)
            .Bind(e.Cost.Value).Bind(e.Estimated).Bind(e.Provider).Bind(e.ProviderModel).Bind(e.PriceVersion)
            .Bind(e.Status).Bind(FailedByText.Of(e.FailedBy)).Bind(e.Streamed)
            .Bind(e.StartedAt.ToMicros()).Bind(row.SettledAt).Bind(row.LocalDay).Bind(e.DurationMicros).Bind(e.FirstByteMicros)
            .Bind(e.Usage.Images).Bind(ServiceTiers.NameOf(e.Service)).Bind(e.TierAboveTokens).Bind(e.CostMax?.Value).Bind(e.Journaled)
            .Bind(e.Usage.ImageInput).Bind(e.Usage.ImageOutput).Bind(e.Usage.ImagesMade).Bind(e.Usage.AudioMilliseconds)
            .Bind(e.Usage.Characters).Bind(e.Usage.SearchUnits)
            .Execute();

    public void Delete(HoldId id) => delete.Start().Bind(id.Value).Execute();
}
