using AIOrleans.Core.Health;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Tests.Health;

public sealed class SlaWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_requests_there_are_no_shares()
    {
        SlaSpan span = new SlaWindow(Start).ViewAt(Start).Hour;
        Assert.Equal((0L, null, null), (span.Requests, span.Availability, span.ErrorRate));
        Assert.Equal(default, span.Duration);
    }

    [Fact]
    public void A_client_that_fails_is_an_error_but_no_outage()
    {
        var window = new SlaWindow(Start);
        Observe(window, Start, FailedBy.Nobody, FailedBy.Nobody, FailedBy.Nobody, FailedBy.Nobody, FailedBy.Nobody);
        Observe(window, Start, FailedBy.Client, FailedBy.Client, FailedBy.Provider, FailedBy.Provider, FailedBy.Gateway);
        SlaSpan span = window.ViewAt(Start).FiveMinutes;
        Assert.Equal((10L, 1L, 2L, 2L), (span.Requests, span.FailedByGateway, span.FailedByProvider, span.FailedByClient));
        Assert.Equal((0.7, 0.5), (span.Availability, span.ErrorRate));
    }

    [Fact]
    public void Each_window_forgets_after_its_length()
    {
        var window = new SlaWindow(Start);
        Observe(window, Start, FailedBy.Nobody);
        Assert.Equal((1L, 1L, 1L), RequestsAt(window, Start.AddMinutes(4)));
        Assert.Equal((0L, 1L, 1L), RequestsAt(window, Start.AddMinutes(5)));
        Assert.Equal((0L, 1L, 1L), RequestsAt(window, Start.AddMinutes(54)));
        Assert.Equal((0L, 0L, 1L), RequestsAt(window, Start.AddMinutes(60)));
        Assert.Equal((0L, 0L, 1L), RequestsAt(window, Start.AddHours(21)));
        Assert.Equal((0L, 0L, 0L), RequestsAt(window, Start.AddHours(24)));
    }

    [Fact]
    public void A_window_says_since_when_it_knows()
    {
        var window = new SlaWindow(Start);
        Observe(window, Start.AddSeconds(10), FailedBy.Nobody, FailedBy.Nobody);
        SlaSpan young = window.ViewAt(Start.AddSeconds(20)).Hour;
        Assert.Equal((Start, 0.1), (young.From, young.RequestsPerSecond));
        Assert.Equal(Start.AddMinutes(6), window.ViewAt(Start.AddMinutes(10).AddSeconds(30)).FiveMinutes.From);
    }

    [Fact]
    public void Percentiles_are_of_the_window_and_of_requests_that_did_not_fail()
    {
        var window = new SlaWindow(Start);
        for (int i = 1; i <= 100; i++)
        {
            window.Observe(new SlaObservation(FailedBy.Nobody, i * 1000, i * 100), Start);
            window.Observe(new SlaObservation(FailedBy.Provider, 60_000_000, null), Start);
        }

        SlaSpan span = window.ViewAt(Start.AddMinutes(1)).FiveMinutes;
        Assert.InRange(span.Duration.P50Micros ?? 0, 49_500, 50_500);
        Assert.InRange(span.Duration.P95Micros ?? 0, 94_000, 96_000);
        Assert.InRange(span.Duration.P99Micros ?? 0, 98_000, 100_000);
        Assert.InRange(span.FirstByte.P99Micros ?? 0, 9_800, 10_000);
        Assert.Null(window.ViewAt(Start.AddMinutes(6)).FiveMinutes.Duration.P50Micros);
    }

    [Fact]
    public void Requests_settled_out_of_order_are_counted_where_they_belong()
    {
        var window = new SlaWindow(Start);
        Observe(window, Start.AddMinutes(7), FailedBy.Nobody);
        Observe(window, Start.AddMinutes(4), FailedBy.Nobody);
        Observe(window, Start.AddMinutes(1), FailedBy.Nobody);
        Assert.Equal((2L, 3L, 3L), RequestsAt(window, Start.AddMinutes(7)));
    }

    [Fact]
    public void Windows_move_on_minute_by_minute_as_a_count_of_all_requests_does()
    {
        var random = new Random(7);
        var window = new SlaWindow(Start);
        List<DateTimeOffset> seen = [];
        for (int minute = 0; minute < 26 * 60; minute += random.Next(1, 4))
        {
            DateTimeOffset now = Start.AddMinutes(minute);
            foreach (int late in new[] { 0, 0, random.Next(0, 4), 0 })
            {
                seen.Add(now.AddMinutes(-late));
                Observe(window, seen[^1], FailedBy.Nobody);
            }

            long Since(int slotMinutes, int slots) => seen.Count(at => SlotOf(at, slotMinutes) > SlotOf(now, slotMinutes) - slots);
            Assert.Equal((Since(1, 5), Since(5, 12), Since(120, 12)), RequestsAt(window, now));
        }

        static long SlotOf(DateTimeOffset at, int minutes) => at.UtcTicks / TimeSpan.FromMinutes(minutes).Ticks;
    }

    [Fact]
    public void A_clock_that_was_far_ahead_once_blocks_nothing()
    {
        var window = new SlaWindow(Start);
        Observe(window, Start.AddYears(3), FailedBy.Nobody);
        Observe(window, Start, FailedBy.Nobody);
        for (int i = 0; i < 60; i++)
        {
            Observe(window, Start.AddMinutes(i), FailedBy.Nobody);
        }

        Assert.Equal(5, window.ViewAt(Start.AddMinutes(59)).FiveMinutes.Requests);
    }

    private static void Observe(SlaWindow window, DateTimeOffset at, params FailedBy[] outcomes) =>
        Array.ForEach(outcomes, failedBy => window.Observe(new SlaObservation(failedBy, 1000, null), at));

    private static (long FiveMinutes, long Hour, long Day) RequestsAt(SlaWindow window, DateTimeOffset at)
    {
        SlaReport report = window.ViewAt(at);
        return (report.FiveMinutes.Requests, report.Hour.Requests, report.Day.Requests);
    }
}
