using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Sqlite;

/// <summary>The sums of calendar windows: up to a mark they have every event, and those behind it are added together, before anybody reads a sum. Only within the writer's turn.</summary>
/// <remarks>
/// An event is in 28 windows, which many events share: adding each by itself took a seventh of a call's processor time. Mark and sums change in
/// one transaction, and the events are already stored, so that a crash at any point loses nothing: whoever loads next adds what is missing.
/// PostgreSQL has several writers, whose sequences do not commit in order: there every settlement adds its own.
/// </remarks>
internal sealed class SqliteWindows(SqliteWriter writer, SqliteAccounts accounts)
{
    /// <summary>Events behind the mark at which they are added.</summary>
    private const int BehindMax = 1024;

    /// <summary>Tokens, or nano-dollars (a million dollars), of an event that is added at once: if a sum does not fit 64 bits with it, its own settlement fails, and no other.</summary>
    private const long LargeMin = 1_000_000_000_000_000;

    private readonly EventWindows calendar = new();

    private readonly SqliteStatement behind = new(writer, $"SELECT {TailColumns.Selected} FROM usage_event WHERE sequence > (SELECT sequence FROM window_mark)");

    private readonly SqliteStatement mark = new(writer, "UPDATE window_mark SET sequence = (SELECT coalesce(max(sequence), 0) FROM usage_event)");

    private readonly SqliteStatement add = new(writer, """
        INSERT INTO account_window (account_no, period, period_start, operation, requests, tokens, cost_nano) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (account_no, period, period_start, operation) DO UPDATE
        SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens, cost_nano = cost_nano + excluded.cost_nano
        """);

    // Since the last time that all were added, by this process: only to know when there are enough.
    private int behindCount;

    /// <summary>True when those behind the mark have become many.</summary>
    public bool IsDue => behindCount >= BehindMax;

    /// <summary>True when the settlement has an event that may be too much for a sum.</summary>
    public static bool HasLarge(SettlementRow row)
    {
        for (int i = 0; i < row.Events.Count; i++)
        {
            if (IsLarge(row.Events[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An event was written; those behind the mark are to be added when they are <see cref="IsDue"/>.</summary>
    public void Count() => behindCount++;

    /// <summary>An event was written; adds all behind the mark when they have become many.</summary>
    public void Wrote(UsageEvent e)
    {
        Count();
        if (IsDue || IsLarge(e))
        {
            CatchUp();
        }
    }

    /// <summary>Adds every event behind the mark.</summary>
    public void CatchUp()
    {
        var deltas = new WindowDeltas();
        if (ReadBehind(deltas))
        {
            Add(deltas);
        }
    }

    /// <summary>Adds sums, and marks every stored event as added.</summary>
    public void Add(WindowDeltas deltas)
    {
        foreach ((WindowKey key, WindowDelta delta) in deltas.InOrder())
        {
            add.Start().Bind(key.AccountNo).Bind((long)key.Period).Bind(key.StartMicros).Bind(key.Operation)
                .Bind(delta.Requests).Bind(delta.Tokens).Bind(delta.CostNano).Execute();
        }

        mark.Start().Execute();
        behindCount = 0;
    }

    private static bool IsLarge(UsageEvent e) => e.Usage.Total > LargeMin || e.Cost.Value > LargeMin;

    /// <returns>False when there is no event behind the mark.</returns>
    /// <exception cref="OverflowException">A sum does not fit 64 bits.</exception>
    private bool ReadBehind(WindowDeltas deltas)
    {
        bool isBehind = false;
        behind.Start();
        try
        {
            while (behind.Read())
            {
                isBehind = true;
                var delta = new WindowDelta(behind.Long(2), behind.Long(3), behind.Long(4));
                WindowMicros windows = calendar.At(behind.Long(5), behind.Text(6));
                string operation = behind.Text(1);
                foreach (long account in accounts.NumbersOf(behind.Text(0)))
                {
                    deltas.Add(account, windows, operation, delta);
                }
            }
        }
        finally
        {
            behind.Reset();
        }

        return isBehind;
    }
}
