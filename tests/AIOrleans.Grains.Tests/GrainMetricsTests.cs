using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class GrainMetricsTests
{
    [Fact]
    public async Task An_orphan_that_several_look_at_is_counted_once()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        await host.MustHoldAsync(Ask());
        host.Clock.Advance(Lease + TimeSpan.FromSeconds(2));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Keeper.SweepAsync(CancellationToken.None)));

        Assert.Equal(1, Read(host, "aiorleans.orphans"));
    }

    [Fact]
    public async Task An_outage_tells_what_it_journals_and_refuses_and_ends_with_the_replay()
    {
        await using GrainHost host = await GrainHost.StartAllowingAsync();
        Assert.Equal(0, Read(host, "aiorleans.outage.active"));
        host.Ledger.Faults.IsAway = true;
        HoldCommand hold = await host.MustHoldAsync(Ask(cost: 100));
        await host.SettleAsync(hold, tokens: 4, cost: 40);
        Assert.Equal((1, 1), (Read(host, "aiorleans.outage.active"), Read(host, "aiorleans.outage.journaled")));

        host.Ledger.Faults.IsAway = false;
        await host.WhenReplayedAsync();

        // What an outage counted stays when it is over: a counter never falls.
        Assert.Equal((0, 1), (Read(host, "aiorleans.outage.active"), Read(host, "aiorleans.outage.journaled")));
    }

    [Fact]
    public async Task Settlements_that_wait_are_told()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        HoldCommand hold = await host.MustHoldAsync(Ask());
        host.Ledger.Faults.IsAway = true;
        await host.SettleAsync(hold, tokens: 1, cost: 1);

        Assert.Equal(1, Read(host, "aiorleans.settlements.waiting"));
        host.Ledger.Faults.IsAway = false;
    }

    [Fact]
    public async Task Accounts_that_live_are_counted()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        await host.MustHoldAsync(Ask());

        Assert.Equal(Path().Length, Read(host, "aiorleans.accounts.active"));
    }

    /// <summary>The value that an observed instrument of this host has now.</summary>
    private static double Read(GrainHost host, string name)
    {
        var values = new ConcurrentBag<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, host.Meters))
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => values.Add(value));
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => values.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return Assert.Single(values);
    }
}
