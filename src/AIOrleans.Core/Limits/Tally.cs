using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Limits;

/// <summary>One use by column: requests, tokens, nano-dollars, and the same requests again in the column of their operation.</summary>
internal readonly record struct TallyEntry(int OperationColumn, long Requests, long Tokens, long CostNanoUsd)
{
    public static TallyEntry Of(int operationColumn, long requests, HoldSize size) => new(operationColumn, requests, size.Tokens, size.Cost.Value);

    /// <summary>What this use counts in <paramref name="column"/>.</summary>
    public long this[int column] => column switch
    {
        TallyColumns.Requests => Requests,
        TallyColumns.Tokens => Tokens,
        TallyColumns.Cost => CostNanoUsd,
        _ => column == OperationColumn ? Requests : 0,
    };
}

/// <summary>Sums by column. A column that was never written reads as 0. Sums are checked: an overflow is a bug and throws.</summary>
internal sealed class Tally
{
    // Three metrics and five operations before the first growth.
    private long[] sums = new long[8];

    public long this[int column] => column < sums.Length ? sums[column] : 0;

    public HoldSize Size => new(sums[TallyColumns.Tokens], new NanoUsd(sums[TallyColumns.Cost]));

    public void Add(in TallyEntry entry)
    {
        if (entry.OperationColumn >= sums.Length)
        {
            Array.Resize(ref sums, Math.Max(sums.Length * 2, entry.OperationColumn + 1));
        }

        checked
        {
            sums[TallyColumns.Requests] += entry.Requests;
            sums[TallyColumns.Tokens] += entry.Tokens;
            sums[TallyColumns.Cost] += entry.CostNanoUsd;
            sums[entry.OperationColumn] += entry.Requests;
        }
    }

    /// <summary>Takes back an entry that was added before.</summary>
    public void Remove(in TallyEntry entry)
    {
        sums[TallyColumns.Requests] -= entry.Requests;
        sums[TallyColumns.Tokens] -= entry.Tokens;
        sums[TallyColumns.Cost] -= entry.CostNanoUsd;
        sums[entry.OperationColumn] -= entry.Requests;
    }

    public void Clear() => Array.Clear(sums);
}

/// <summary>Gives each operation name a column behind those of the metrics; columns are never given up while the account lives.</summary>
internal sealed class TallyColumns
{
    public const int Requests = 0;
    public const int Tokens = 1;
    public const int Cost = 2;

    /// <summary>Most operation names of one account. The gateway's vocabulary has about ten; more means that client text leaked into it.</summary>
    public const int OperationsMax = 256;

    private readonly Dictionary<string, int> columnByOperation = new(StringComparer.Ordinal);

    // Nearly every call of an account names the same operation with the same string.
    private string lastOperation = "";
    private int lastColumn = -1;

    public int Of(QuotaConfig quota) => quota.Metric switch
    {
        QuotaMetric.Requests => Requests,
        QuotaMetric.Tokens => Tokens,
        QuotaMetric.Cost => Cost,
        _ => Of(quota.Operation ?? ""),
    };

    public int Of(string operation)
    {
        if (lastColumn >= 0 && ReferenceEquals(operation, lastOperation))
        {
            return lastColumn;
        }

        if (!columnByOperation.TryGetValue(operation, out int column))
        {
            if (columnByOperation.Count == OperationsMax)
            {
                throw new InvalidOperationException($"An account counts at most {OperationsMax} operations; '{operation}' is one too many.");
            }

            column = Cost + 1 + columnByOperation.Count;
            columnByOperation.Add(operation, column);
        }

        lastOperation = operation;
        lastColumn = column;
        return column;
    }
}
