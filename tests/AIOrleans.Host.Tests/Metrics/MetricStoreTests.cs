using System.Diagnostics.Metrics;
using System.Globalization;
using AIOrleans.Host.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Host.Tests.Metrics;

public sealed class MetricStoreTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IMeterFactory factory;
    private readonly Meter meter;

    public MetricStoreTests()
    {
        factory = services.GetRequiredService<IMeterFactory>();
        meter = factory.Create("AIOrleans.Test");
    }

    [Fact]
    public void Counters_end_in_total_and_have_their_unit_before_it()
    {
        using MetricStore store = Store();
        Counter<long> bytes = meter.CreateCounter<long>("test.sent", "By", "Bytes sent.");
        bytes.Add(3, new KeyValuePair<string, object?>("to.whom", "a"));
        bytes.Add(4, new KeyValuePair<string, object?>("to.whom", "a"));

        Assert.Equal("# TYPE test_sent_bytes_total counter\n# HELP test_sent_bytes_total Bytes sent.\ntest_sent_bytes_total{to_whom=\"a\"} 7\n", TextOf(store));
        Assert.Equal(
            "# TYPE test_sent_bytes counter\n# UNIT test_sent_bytes bytes\n# HELP test_sent_bytes Bytes sent.\ntest_sent_bytes_total{to_whom=\"a\"} 7\n# EOF\n",
            TextOf(store, openMetrics: true));
    }

    [Fact]
    public void Values_and_help_are_escaped()
    {
        using MetricStore store = Store();
        meter.CreateCounter<long>("test.odd", null, "A \\ and\na \"line\".").Add(1, new KeyValuePair<string, object?>("name", "a\\b\"c\nd"));

        Assert.Contains("test_odd_total{name=\"a\\\\b\\\"c\\nd\"} 1\n", TextOf(store), StringComparison.Ordinal);
        Assert.Contains("# HELP test_odd_total A \\\\ and\\na \"line\".\n", TextOf(store), StringComparison.Ordinal);
        Assert.Contains("# HELP test_odd A \\\\ and\\na \\\"line\\\".\n", TextOf(store, openMetrics: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_count_up_to_and_with_each_bound()
    {
        using MetricStore store = Store();
        Histogram<double> took = meter.CreateHistogram(
            "test.took", "s", "Time.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5] });
        foreach (double value in (double[])[0.25, 0.5, 1, 2, 99, double.NaN])
        {
            took.Record(value);
        }

        string[] expected =
        [
            "# TYPE test_took_seconds histogram", "# HELP test_took_seconds Time.", "test_took_seconds_bucket{le=\"0.5\"} 2", "test_took_seconds_bucket{le=\"1\"} 3",
            "test_took_seconds_bucket{le=\"2.5\"} 4", "test_took_seconds_bucket{le=\"+Inf\"} 5", "test_took_seconds_sum 102.75", "test_took_seconds_count 5", "",
        ];
        Assert.Equal(string.Join('\n', expected), TextOf(store));
        Assert.Contains("test_took_seconds_bucket{le=\"1.0\"} 3\n", TextOf(store, openMetrics: true), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_observed_is_asked_for_at_each_scrape_and_forgotten_when_it_is_gone()
    {
        using MetricStore store = Store();
        List<string> present = ["a", "b"];
        meter.CreateObservableGauge("test.present", () => present.Select(name => new Measurement<int>(1, new KeyValuePair<string, object?>("name", name))));

        Assert.Contains("test_present{name=\"b\"} 1\n", TextOf(store), StringComparison.Ordinal);
        present.Remove("b");
        string later = TextOf(store);
        Assert.Contains("test_present{name=\"a\"} 1\n", later, StringComparison.Ordinal);
        Assert.DoesNotContain("\"b\"", later, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_gone_makes_room()
    {
        using MetricStore store = Store(seriesMax: 2);
        int round = 0;
        meter.CreateObservableGauge("test.moving", () => (IEnumerable<Measurement<int>>)[new(round, new KeyValuePair<string, object?>("round", round))]);
        for (round = 0; round < 10; round++)
        {
            Assert.Contains($"test_moving{{round=\"{round}\"}} {round}\n", TextOf(store), StringComparison.Ordinal);
        }

        Assert.Equal(0, store.Dropped);
    }

    [Fact]
    public void One_that_cannot_be_observed_leaves_the_others()
    {
        using MetricStore store = Store();
        meter.CreateObservableGauge("test.broken", new Func<int>(() => throw new InvalidOperationException("no")));
        meter.CreateObservableGauge("test.sound", () => 5);

        Assert.Contains("test_sound 5\n", TextOf(store), StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_in_another_order_are_the_same_series()
    {
        using MetricStore store = Store();
        Counter<long> counter = meter.CreateCounter<long>("test.order");
        counter.Add(1, new KeyValuePair<string, object?>("a", "1"), new KeyValuePair<string, object?>("b", 2));
        counter.Add(1, new KeyValuePair<string, object?>("b", 2), new KeyValuePair<string, object?>("a", "1"));

        Assert.Contains("test_order_total{a=\"1\",b=\"2\"} 2\n", TextOf(store), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tags_of_one_name_make_one_label()
    {
        using MetricStore store = Store();
        meter.CreateCounter<long>("test.twice").Add(1, new KeyValuePair<string, object?>("a.b", "first"), new KeyValuePair<string, object?>("a_b", "second"));

        Assert.Contains("test_twice_total{a_b=\"first\"} 1\n", TextOf(store), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_beyond_the_maximum_are_counted_and_not_kept()
    {
        using MetricStore store = Store(seriesMax: 3);
        Counter<long> counter = meter.CreateCounter<long>("test.many");
        for (int i = 0; i < 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("name", i));
        }

        counter.Add(1, new KeyValuePair<string, object?>("name", 0));
        Assert.Equal(7, store.Dropped);
        Assert.Equal(3, TextOf(store).Split('\n').Count(line => line.StartsWith("test_many_total{", StringComparison.Ordinal)));
        Assert.Contains("test_many_total{name=\"0\"} 2\n", TextOf(store), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_between_threads_and_scrapes()
    {
        using MetricStore store = Store();
        Counter<long> whole = meter.CreateCounter<long>("test.whole");
        Counter<double> half = meter.CreateCounter<double>("test.half");
        Histogram<double> spread = meter.CreateHistogram<double>("test.spread");
        using var done = new CancellationTokenSource();
        Task scrapes = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                TextOf(store);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                whole.Add(1, new KeyValuePair<string, object?>("name", i % 50));
                half.Add(0.5);
                spread.Record(thread);
            }
        })));
        await done.CancelAsync();
        await scrapes;

        string text = TextOf(store);
        Assert.Equal(80_000, text.Split('\n').Where(line => line.StartsWith("test_whole_total{", StringComparison.Ordinal))
            .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)));
        Assert.Contains("test_half_total 40000\n", text, StringComparison.Ordinal);
        Assert.Contains("test_spread_sum 120000\n", text, StringComparison.Ordinal);
        Assert.Contains("test_spread_count 80000\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Meters_of_other_factories_and_other_names_are_left_out()
    {
        using MetricStore store = Store();
        using ServiceProvider others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("AIOrleans.Test").CreateCounter<long>("test.foreign").Add(1);
        factory.Create("Elsewhere").CreateCounter<long>("test.elsewhere").Add(1);
        factory.Create("Extra").CreateCounter<long>("test.extra").Add(1);

        Assert.Equal("# TYPE test_extra_total counter\ntest_extra_total 1\n", TextOf(store));
    }

    [Fact]
    public void A_known_series_is_found_without_allocating()
    {
        using MetricStore store = Store();
        Counter<long> counter = meter.CreateCounter<long>("test.hot");
        void Add() => counter.Add(1, new("a", "x"), new("b", "y"), new("c", "z"));
        Add();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Add();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    public void Dispose() => services.Dispose();

    private static string TextOf(MetricStore store, bool openMetrics = false)
    {
        var text = new PrometheusText(openMetrics);
        store.Write(text);
        return text.ToString();
    }

    private MetricStore Store(int seriesMax = 100) => new(factory, ["AIOrleans.", "Extra"], seriesMax, NullLogger<MetricStore>.Instance);
}
