using System.Diagnostics.Metrics;

namespace AIOrleans.Storage.Telemetry;

/// <summary>What the ledger's transactions are like. Thread-safe.</summary>
internal sealed class LedgerMetrics
{
    /// <summary>In seconds: from a local disk that does not flush to a database in trouble.</summary>
    private static readonly double[] SecondBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private static readonly long[] SizeBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];

    private static readonly KeyValuePair<string, object?> Writes = new("work", "write");
    private static readonly KeyValuePair<string, object?> Loads = new("work", "load");
    private static readonly KeyValuePair<string, object?> Tables = new("work", "tables");

    private readonly Histogram<double> duration;
    private readonly Histogram<long> size;

    public LedgerMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(StorageGauges.MeterName);
        duration = meter.CreateHistogram(
            "aiorleans.ledger.commit.duration", "s", "Time of one transaction of the ledger, by what it does.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondBounds });
        size = meter.CreateHistogram(
            "aiorleans.ledger.commit.size", "{call}", "Calls that shared one transaction of the ledger.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = SizeBounds });
    }

    /// <summary>What was written to the store's own log was brought into its tables.</summary>
    public void CaughtUp(TimeSpan took) => duration.Record(took.TotalSeconds, Tables);

    /// <summary>A transaction was committed.</summary>
    public void Committed(int works, TimeSpan took, bool isLoad)
    {
        duration.Record(took.TotalSeconds, isLoad ? Loads : Writes);
        size.Record(works, isLoad ? Loads : Writes);
    }
}
