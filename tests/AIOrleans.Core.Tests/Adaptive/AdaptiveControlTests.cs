using AIOrleans.Core.Adaptive;

namespace AIOrleans.Core.Tests.Adaptive;

public sealed class AdaptiveControlTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 11, 12, 0, 0, TimeSpan.Zero);
    private static readonly LoadReading Targets = new(CpuPerMille: 500, MemoryPerMille: 800, LedgerQueue: 1_000, LiveCalls: 200);

    private readonly AdaptiveControl control = new(Targets);

    [Theory]
    [InlineData(1000, 1201, 900)]
    [InlineData(1000, 1200, 1000)]
    [InlineData(1000, 1000, 1000)]
    [InlineData(1000, 800, 1000)]
    [InlineData(1000, 799, 1100)]
    [InlineData(1000, 0, 1100)]
    [InlineData(531, 5000, 500)]
    [InlineData(500, int.MaxValue, 500)]
    [InlineData(1464, 0, 1500)]
    [InlineData(1500, 0, 1500)]
    public void One_step_is_a_tenth_of_the_multiplier_within_its_bounds(int before, int factor, int after) =>
        Assert.Equal(after, AdaptiveControl.Next(before, factor));

    [Fact]
    public void Load_halves_the_rates_in_seven_steps_and_rest_brings_them_back_to_the_ceiling()
    {
        Assert.Equal([900, 810, 729, 657, 592, 533, 500, 500], Steps(new LoadReading(1000, 0, 0, 0), 8));
        Assert.Equal([550, 605, 665, 731, 804, 884, 972, 1069, 1175, 1292, 1421, 1500, 1500], Steps(default, 13));
    }

    [Fact]
    public void A_silo_at_its_target_is_left_alone() => Assert.Equal([1000, 1000, 1000], Steps(Targets, 3));

    [Theory]
    [InlineData(900, 800, 1000, 200, 1800, LoadMeasure.Cpu)]
    [InlineData(0, 1000, 0, 0, 1250, LoadMeasure.Memory)]
    [InlineData(500, 800, 30_000, 200, 30_000, LoadMeasure.LedgerQueue)]
    [InlineData(500, 0, 0, 201, 1005, LoadMeasure.LiveCalls)]
    [InlineData(0, 0, 0, 0, 0, LoadMeasure.Cpu)]
    public void The_largest_ratio_to_a_target_is_the_load_factor(long cpu, long memory, long ledger, long live, int factor, LoadMeasure cause) =>
        Assert.Equal((factor, cause), new LoadReading(cpu, memory, ledger, live).Against(Targets));

    [Fact]
    public void A_reading_beyond_all_measure_is_a_large_factor_and_no_overflow() =>
        Assert.Equal(int.MaxValue, new LoadReading(0, 0, long.MaxValue, 0).Against(Targets).FactorPerMille);

    [Fact]
    public void One_busy_moment_in_a_quiet_minute_slows_nobody()
    {
        control.Observe(new LoadReading(1000, 0, 50_000, 0));
        for (int i = 0; i < 99; i++)
        {
            control.Observe(new LoadReading(10, 0, 0, 0));
        }

        AdaptiveStep? step = control.Step(Noon);

        Assert.Equal(new AdaptiveStep(Noon, new LoadReading(19, 0, 500, 0), 500, LoadMeasure.LedgerQueue, 1000, 1100), step);
    }

    [Fact]
    public void Without_a_sample_nothing_is_decided()
    {
        Assert.Null(control.Step(Noon));
        control.Observe(default);
        Assert.NotNull(control.Step(Noon));
        Assert.Null(control.Step(Noon));
    }

    private int[] Steps(LoadReading load, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        control.Observe(load);
        AdaptiveStep? step = control.Step(Noon);
        Assert.Equal(step?.ToPerMille, control.MultiplierPerMille);
        return control.MultiplierPerMille;
    })];
}
