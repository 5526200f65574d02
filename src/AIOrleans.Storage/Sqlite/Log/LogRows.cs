using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>The rows of the ledger, each in the order of its statement's parameters.</summary>
internal static class LogRows
{
    public static void AddHold(this LogWriter log, HoldRow row)
    {
        DurableHold hold = row.Hold;
        log.Begin(LogRecord.Hold).Add(hold.Id.Value).Add(hold.Owner).Add(hold.LeaseUntil.ToMicros()).Add(hold.HeldAt.ToMicros()).Add(row.Path)
            .Add(hold.Worst.Tokens).Add(hold.Worst.Cost.Value).Add(hold.Expected.Tokens).Add(hold.Expected.Cost.Value)
            .Add(hold.Operation).Add(hold.Attribution.KeyId).Add(hold.Attribution.Model).Add(hold.Attribution.TimeZone).Add(row.Tags)
            .End();
    }

    /// <summary>All of a settlement but its buckets.</summary>
    public static void AddSettlement(this LogWriter log, SettlementRow row)
    {
        log.Begin(LogRecord.Settle).Add(row.HoldId.Value).End();
        foreach (UsageEvent e in row.Events)
        {
            log.AddEvent(row, e);
        }
    }

    /// <summary>As <see cref="EventColumns.Inserted"/>.</summary>
    public static void AddEvent(this LogWriter log, SettlementRow row, UsageEvent e) =>
        log.Begin(LogRecord.Event).Add(row.HoldId.Value).Add(e.Attempt).Add(row.Path)
            .Add(row.PathOf(AccountKind.Tenant)).Add(row.PathOf(AccountKind.Org)).Add(row.PathOf(AccountKind.Team))
            .Add(row.PathOf(AccountKind.User)).Add(row.PathOf(AccountKind.App))
            .Add(e.Attribution.KeyId).Add(e.Attribution.Model).Add(e.Attribution.TimeZone).Add(row.Tags)
            .Add(e.Operation).Add(e.Requests)
            .Add(e.Usage.UncachedInput).Add(e.Usage.CacheRead).Add(e.Usage.CacheWrite5m).Add(e.Usage.CacheWrite1h)
            .Add(e.Usage.Output).Add(e.Usage.Reasoning).Add(e.Usage.AudioInput).Add(e.Usage.AudioOutput)
            .Add(e.Cost.Value).Add(e.Estimated).Add(e.Provider).Add(e.ProviderModel).Add(e.PriceVersion)
            .Add(e.Status).Add(FailedByText.Of(e.FailedBy)).Add(e.Streamed)
            .Add(e.StartedAt.ToMicros()).Add(row.SettledAt).Add(row.LocalDay).Add(e.DurationMicros).Add(e.FirstByteMicros)
            .Add(e.Usage.Images).Add(ServiceTiers.NameOf(e.Service)).Add(e.TierAboveTokens).Add(e.CostMax?.Value).Add(e.Journaled)
            .Add(e.Usage.ImageInput).Add(e.Usage.ImageOutput).Add(e.Usage.ImagesMade).Add(e.Usage.AudioMilliseconds)
            .Add(e.Usage.Characters).Add(e.Usage.SearchUnits)
            .End();

    public static void AddBucket(this LogWriter log, long accountNo, BucketLevels levels) =>
        log.Begin(LogRecord.Bucket).Add(accountNo).Add(levels.Epoch).Add(levels.Sequence)
            .Add(levels.RequestsMicro).Add(levels.TokensMicro).Add(levels.At.ToMicros())
            .End();
}
