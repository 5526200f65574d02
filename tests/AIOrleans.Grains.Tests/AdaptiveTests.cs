using AIOrleans.Contracts.Adaptive;
using AIOrleans.Core.Adaptive;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class AdaptiveTests
{
    private static readonly LimitsConfig Adaptive = new() { RequestsPerMinute = 60, RequestBurst = 1, TokensPerMinute = 6_000, Adaptive = true };
    private static readonly LoadReading Overload = new(CpuPerMille: 990, 0, 0, 0);

    [Fact]
    public async Task A_busy_silo_slows_the_adaptive_rates_of_its_accounts_and_no_others()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Key(), Adaptive);
        host.Directory.SetLimits(Tenant, Adaptive with { Adaptive = false });
        host.Load.Now = Overload;

        await MinuteAsync(host);

        Assert.Equal([900, 900], (await host.LiveAsync(Key())).Buckets.Select(bucket => bucket.RateMultiplierPerMille));
        Assert.Equal([1000, 1000], (await host.LiveAsync(Tenant)).Buckets.Select(bucket => bucket.RateMultiplierPerMille));

        // One request a second becomes nine in ten seconds.
        await host.MustHoldAsync(Ask());
        Assert.Equal(TimeSpan.FromTicks(11_111_112), (await host.HoldAsync(Ask())).Denied?.RetryAfter);
    }

    [Fact]
    public async Task An_account_that_wakes_up_or_is_loaded_anew_has_the_multiplier_in_force()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Key(), Adaptive);
        host.Load.Now = Overload;
        await MinuteAsync(host);
        await MinuteAsync(host);
        Assert.Equal(810, (await host.LiveAsync(Key())).Buckets[0].RateMultiplierPerMille);

        await host.Account(Key()).ReloadAsync((await host.LiveAsync(Key())).Epoch);

        AccountLive live = await host.LiveAsync(Key());
        Assert.Equal((2, 810), (live.Epoch, live.Buckets[0].RateMultiplierPerMille));
    }

    [Fact]
    public async Task Money_does_not_follow_the_load()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Tenant, Adaptive with { Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, 1_000)] });
        AccountLive before = await host.LiveAsync(Tenant);
        host.Load.Now = Overload;

        await MinuteAsync(host);

        Assert.Equivalent(before.Quotas, (await host.LiveAsync(Tenant)).Quotas, strict: true);
    }

    [Fact]
    public async Task Nothing_is_measured_while_no_limit_is_adaptive_and_rates_are_as_configured_when_the_last_one_goes()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Key(), Adaptive with { Adaptive = false });
        await MinuteAsync(host);
        Assert.Equal(0, host.Load.Reads);
        host.Directory.SetLimits(Key(), Adaptive);
        host.Load.Now = Overload;
        await MinuteAsync(host);
        Assert.Equal(900, (await host.LiveAsync(Key())).Buckets[0].RateMultiplierPerMille);
        int reads = host.Load.Reads;

        host.Directory.SetLimits(Key(), Adaptive with { Adaptive = false });
        await MinuteAsync(host);
        host.Directory.SetLimits(Key(), Adaptive);

        Assert.Equal(reads, host.Load.Reads);
        Assert.Equal(1000, (await host.LiveAsync(Key())).Buckets[0].RateMultiplierPerMille);
    }

    [Fact]
    public async Task Every_change_is_kept_and_the_load_can_be_seen()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Key(), Adaptive);
        host.Load.Now = Overload;
        await MinuteAsync(host);
        host.Load.Now = new LoadReading(700, 0, 0, 0);
        await MinuteAsync(host);

        AdaptiveView view = await host.Grains.GetGrain<IAdaptiveGrain>(0).ViewAsync();

        SiloLoad silo = Assert.Single(view.Silos);
        Assert.Equal((host.Load.Now, 900), (silo.Sample, silo.MultiplierPerMille));
        Assert.Equal([(900, 900), (1000, 900)], view.Recent.Select(step => (step.Step.FromPerMille, step.Step.ToPerMille)));
        AdaptiveStep change = Assert.Single(view.Changes).Step;
        Assert.Equal((1000, 900, LoadMeasure.Cpu, 1414), (change.FromPerMille, change.ToPerMille, change.Cause, change.FactorPerMille));
        host.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Empty((await host.Grains.GetGrain<IAdaptiveGrain>(0).ViewAsync()).Silos);
    }

    /// <summary>A minute of samples, and the step that ends it.</summary>
    private static async Task MinuteAsync(GrainHost host)
    {
        for (int i = 0; i <= 12; i++)
        {
            await host.Sampler.SampleAsync();
            host.Clock.Advance(TimeSpan.FromSeconds(i < 12 ? 5 : 0));
        }
    }
}
