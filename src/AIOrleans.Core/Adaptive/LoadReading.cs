namespace AIOrleans.Core.Adaptive;

/// <summary>What of a silo was measured against its target.</summary>
public enum LoadMeasure
{
    Cpu,
    Memory,
    LedgerQueue,
    LiveCalls,
}

/// <summary>How busy one silo is, or how busy it should be at most.</summary>
/// <param name="CpuPerMille">Of all processors that the process may use.</param>
/// <param name="MemoryPerMille">Managed heap, of the memory that the process may use.</param>
/// <param name="LedgerQueue">Calls and settlements that wait for the ledger.</param>
/// <param name="LiveCalls">Requests that hold, so without those that wait in line: a longer line must not slow the rates that it waits for.</param>
public readonly record struct LoadReading(long CpuPerMille, long MemoryPerMille, long LedgerQueue, long LiveCalls)
{
    public long this[LoadMeasure measure] => measure switch
    {
        LoadMeasure.Cpu => CpuPerMille,
        LoadMeasure.Memory => MemoryPerMille,
        LoadMeasure.LedgerQueue => LedgerQueue,
        _ => LiveCalls,
    };

    /// <summary>The load factor: the largest ratio to its target, and of what. 1000 per mille is the target itself.</summary>
    /// <param name="targets">Each above 0.</param>
    public (int FactorPerMille, LoadMeasure Cause) Against(in LoadReading targets)
    {
        (int factorPerMille, LoadMeasure cause) = (-1, LoadMeasure.Cpu);
        foreach (LoadMeasure measure in Measures)
        {
            int ratio = (int)Int128.Min((Int128)this[measure] * 1000 / targets[measure], int.MaxValue);
            if (ratio > factorPerMille)
            {
                (factorPerMille, cause) = (ratio, measure);
            }
        }

        return (factorPerMille, cause);
    }

    private static readonly LoadMeasure[] Measures = Enum.GetValues<LoadMeasure>();
}
