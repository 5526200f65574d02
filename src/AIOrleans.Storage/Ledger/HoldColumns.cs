using System.Data.Common;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;

namespace AIOrleans.Storage.Ledger;

/// <summary>How a hold is read back, in both databases.</summary>
internal static class HoldColumns
{
    /// <summary>For SELECT, in the order that <see cref="Read"/> expects.</summary>
    public const string Selected =
        "hold_id, owner, lease_until, held_at, path, worst_tokens, worst_nano, expected_tokens, expected_nano, operation, key_id, model, time_zone, tags";

    /// <summary>Reads the current row; bucket levels are not stored with holds.</summary>
    public static DurableHold Read(DbDataReader row) => new()
    {
        Id = EventColumns.ReadId(row, 0),
        Owner = row.GetString(1),
        LeaseUntil = Instants.FromMicros(row.GetInt64(2)),
        HeldAt = Instants.FromMicros(row.GetInt64(3)),
        Grants = PathText.ReadGrants(row.GetString(4)),
        Worst = new HoldSize(row.GetInt64(5), new NanoUsd(row.GetInt64(6))),
        Expected = new HoldSize(row.GetInt64(7), new NanoUsd(row.GetInt64(8))),
        Operation = row.GetString(9),
        Attribution = new Attribution(row.GetString(10), row.GetString(11), row.GetString(12), TagText.Read(row.GetString(13))),
    };
}
