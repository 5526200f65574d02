using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Host.Metrics;

/// <summary>Gathers what the meters of this process measure, for <c>/metrics</c>. Thread-safe.</summary>
/// <remarks>Of meters made by a factory only those of its own: several gateways in one process do not mix.</remarks>
internal sealed class MetricStore : IDisposable
{
    /// <summary>For durations whose instrument does not say better, in seconds.</summary>
    private static readonly double[] SecondBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>For everything else. Source: OpenTelemetry specification, explicit bucket histogram aggregation.</summary>
    private static readonly double[] OtherBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly ConcurrentDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();
    private readonly Lock scraping = new();
    private readonly IMeterFactory factory;
    private readonly string[] meters;
    private readonly int seriesMax;
    private readonly ILogger<MetricStore> logger;
    private readonly MetricCell dropped = new([]);
    private long scrape;

    /// <param name="meters">Meters to gather, by name; a name that ends in a dot stands for all that begin so.</param>
    public MetricStore(IMeterFactory factory, IEnumerable<string> meters, int seriesMax, ILogger<MetricStore> logger)
    {
        this.factory = factory;
        this.meters = [.. meters];
        this.seriesMax = seriesMax;
        this.logger = logger;
        listener.InstrumentPublished = Publish;
        Listen<byte>(static value => value);
        Listen<short>(static value => value);
        Listen<int>(static value => value);
        Listen<long>(static value => value);
        listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record((MetricFamily)state!, (double)value, tags)); // ! Passed by Publish.
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record((MetricFamily)state!, value, tags)); // ! Passed by Publish.
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((MetricFamily)state!, (double)value, tags)); // ! Passed by Publish.
        listener.Start();
    }

    /// <summary>Measurements that were not kept, because their metric had as many series as it may.</summary>
    public double Dropped => dropped.Value;

    /// <summary>Every metric that could be told, by name, told yet or not.</summary>
    public IEnumerable<MetricFamily> Families => families.Values.OrderBy(family => family.Name, StringComparer.Ordinal);

    /// <summary>Asks for what is observed, and writes everything. One scrape at a time: each needs only memory.</summary>
    public void Write(PrometheusText text)
    {
        lock (scraping)
        {
            scrape++;
            try
            {
                listener.RecordObservableInstruments();
            }
            catch (AggregateException exception)
            {
                // The other instruments have been asked all the same.
                MetricsLog.NotObserved(logger, exception);
            }

            foreach (MetricFamily family in Families)
            {
                if (family.IsObserved)
                {
                    family.Forget(scrape);
                }

                text.Write(family);
            }

            text.WriteEnd();
        }
    }

    public void Dispose() => listener.Dispose();

    private void Listen<T>(Func<T, long> widen)
        where T : struct =>
        listener.SetMeasurementEventCallback<T>((_, value, tags, state) => Record((MetricFamily)state!, widen(value), tags)); // ! Passed by Publish.

    private void Publish(Instrument instrument, MeterListener to)
    {
        Meter meter = instrument.Meter;
        if ((meter.Scope is null || ReferenceEquals(meter.Scope, factory)) && Array.Exists(meters, name => IsMeant(name, meter.Name)) && FamilyOf(instrument) is { } family)
        {
            to.EnableMeasurementEvents(instrument, family);
        }
    }

    private static bool IsMeant(string name, string meter) =>
        name.EndsWith('.') ? meter.StartsWith(name, StringComparison.Ordinal) : meter == name;

    /// <summary>The family of an instrument; null for one that another kind of instrument has the name of.</summary>
    private MetricFamily? FamilyOf(Instrument instrument)
    {
        MetricKind kind = KindOf(instrument);
        string name = MetricName.Of(instrument.Name, instrument.Unit, kind);
        MetricFamily family = families.GetOrAdd(name, _ => new MetricFamily(
            name, kind, MetricName.UnitOf(instrument.Unit, kind), instrument.Description ?? "", kind == MetricKind.Histogram ? BoundsOf(instrument) : [], seriesMax)
        {
            IsObserved = instrument.IsObservable,
        });
        return family.Kind == kind && family.IsObserved == instrument.IsObservable ? family : null;
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        Type definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return definition == typeof(Counter<>) || definition == typeof(ObservableCounter<>) ? MetricKind.Counter
            : definition == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument)
    {
        IEnumerable<double>? advised = instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => bounds.Select(bound => (double)bound),
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => bounds.Select(bound => (double)bound),
            _ => null,
        };
        return advised is null ? instrument.Unit == "s" ? SecondBounds : OtherBounds : [.. advised];
    }

    private void Record(MetricFamily family, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (family.Kind == MetricKind.Histogram || family.IsObserved)
        {
            Record(family, (double)value, tags);
        }
        else if (CellOf(family, tags) is { } cell)
        {
            cell.Add(value);
        }
    }

    private void Record(MetricFamily family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (CellOf(family, tags) is not { } cell)
        {
            return;
        }

        if (family.IsObserved)
        {
            cell.Set(value, scrape);
        }
        else if (family.Kind == MetricKind.Histogram)
        {
            cell.Observe(value);
        }
        else
        {
            cell.Add(value);
        }
    }

    private MetricCell? CellOf(MetricFamily family, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        MetricCell? cell = family.CellOf(tags);
        if (cell is null)
        {
            dropped.Add(1L);
        }

        return cell;
    }
}
