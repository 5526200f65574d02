using AIOrleans.Core.Routing;

namespace AIOrleans.Core.Tests.Routing;

public class CircuitBreakerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Opens_after_a_run_of_failures()
    {
        var breaker = new CircuitBreaker(new Unlucky(0));
        Fail(breaker, CircuitBreaker.FailuresInARowMax - 1);
        Assert.Equal(BreakerState.Closed, breaker.State);

        Fail(breaker, 1);

        Assert.Equal((BreakerState.Open, Noon + CircuitBreaker.PauseMin), (breaker.State, breaker.OpenUntil));
    }

    [Fact]
    public void A_success_breaks_the_run()
    {
        var breaker = new CircuitBreaker(new Unlucky(0));
        Fail(breaker, CircuitBreaker.FailuresInARowMax - 1);
        breaker.Report(true, null, Noon);

        Fail(breaker, CircuitBreaker.FailuresInARowMax - 1);

        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public void Opens_when_half_of_many_attempts_fail()
    {
        var breaker = new CircuitBreaker(new Unlucky(0));
        for (int i = 1; i < CircuitBreaker.ShareAttemptsMin; i++)
        {
            breaker.Report(i % 2 == 0, null, Noon);
            Assert.Equal(BreakerState.Closed, breaker.State);
        }

        breaker.Report(false, null, Noon);

        Assert.Equal(BreakerState.Open, breaker.State);
    }

    [Fact]
    public void Failures_before_the_window_do_not_count_in_the_share()
    {
        var breaker = new CircuitBreaker(new Unlucky(0));
        for (int i = 1; i < CircuitBreaker.ShareAttemptsMin; i++)
        {
            breaker.Report(i % 2 == 0, null, Noon);
        }

        breaker.Report(false, null, Noon + CircuitBreaker.Window + TimeSpan.FromTicks(1));

        Assert.Equal(BreakerState.Closed, breaker.State);
    }

    [Fact]
    public void One_caller_probes_after_the_pause_and_its_success_closes()
    {
        CircuitBreaker breaker = Opened();
        DateTimeOffset after = Noon + CircuitBreaker.PauseMin;
        Assert.False(breaker.TryProbe(after - TimeSpan.FromTicks(1)));

        Assert.True(breaker.TryProbe(after));
        Assert.False(breaker.TryProbe(after));
        breaker.Report(true, null, after);

        Assert.Equal((BreakerState.Closed, (DateTimeOffset?)null), (breaker.State, breaker.OpenUntil));
        Assert.True(breaker.TryProbe(after));
    }

    [Fact]
    public void A_probe_that_reports_nothing_is_given_up()
    {
        CircuitBreaker breaker = Opened();
        DateTimeOffset after = Noon + CircuitBreaker.PauseMin;
        breaker.TryProbe(after);

        Assert.False(breaker.TryProbe(after + CircuitBreaker.ProbeMax));
        Assert.True(breaker.TryProbe(after + CircuitBreaker.ProbeMax + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Pauses_double_while_probes_fail_and_never_exceed_the_longest()
    {
        CircuitBreaker breaker = Opened();
        List<double> pauses = [];
        for (int i = 0; i < 6; i++)
        {
            // ! Open.
            DateTimeOffset after = breaker.OpenUntil!.Value;
            breaker.TryProbe(after);
            breaker.Report(false, null, after);
            pauses.Add((breaker.OpenUntil!.Value - after).TotalSeconds);
        }

        Assert.Equal([20, 40, 80, 120, 120, 120], pauses);
    }

    [Fact]
    public void Jitter_shortens_pauses_by_at_most_a_fifth()
    {
        var breaker = new CircuitBreaker(new Unlucky(1));

        Fail(breaker, CircuitBreaker.FailuresInARowMax);

        Assert.Equal(Noon + (CircuitBreaker.PauseMin * 0.8), breaker.OpenUntil);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(600, 120)]
    public void Leaves_a_deployment_alone_for_as_long_as_it_asks_within_reason(int askedSeconds, int pauseSeconds)
    {
        var breaker = new CircuitBreaker(new Unlucky(0));

        breaker.Report(false, TimeSpan.FromSeconds(askedSeconds), Noon);

        Assert.Equal((BreakerState.Open, Noon.AddSeconds(pauseSeconds)), (breaker.State, breaker.OpenUntil));
    }

    [Fact]
    public void A_failed_probe_waits_for_the_longer_of_its_own_pause_and_the_one_asked_for()
    {
        CircuitBreaker breaker = Opened();
        DateTimeOffset after = Noon + CircuitBreaker.PauseMin;
        breaker.TryProbe(after);

        breaker.Report(false, TimeSpan.FromSeconds(90), after);

        Assert.Equal(after.AddSeconds(90), breaker.OpenUntil);
    }

    [Fact]
    public void A_late_success_does_not_close_before_the_pause_is_over()
    {
        CircuitBreaker breaker = Opened();

        breaker.Report(true, null, Noon.AddSeconds(1));

        Assert.Equal(BreakerState.Open, breaker.State);
    }

    private static CircuitBreaker Opened()
    {
        var breaker = new CircuitBreaker(new Unlucky(0));
        Fail(breaker, CircuitBreaker.FailuresInARowMax);
        return breaker;
    }

    private static void Fail(CircuitBreaker breaker, int times)
    {
        for (int i = 0; i < times; i++)
        {
            breaker.Report(false, null, Noon);
        }
    }

    /// <summary>Always draws the same number.</summary>
    private sealed class Unlucky(double drawn) : Random
    {
        public override double NextDouble() => drawn;
    }
}
