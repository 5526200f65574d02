using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Storage;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class StateTests
{
    private readonly EngineHost host;

    public StateTests(SharedHost shared) => host = shared.Host;

    private IGrainStorage Storage => host.Services.GetRequiredKeyedService<IGrainStorage>(EngineHost.Storage);

    [Fact]
    public async Task State_that_was_written_is_there_before_the_next_activation_takes_calls()
    {
        ILedgerGrain grain = host.Grains.GetGrain<ILedgerGrain>("written");
        Assert.Equal(0, await grain.AddAsync("rent", 700));
        await grain.AddAsync("food", 50);
        await grain.EndAsync();
        Assert.Equal(750, await grain.TotalAtActivationAsync());
        Assert.Equal(["rent", "food"], (await grain.ReadAsync()).Entries);
    }

    [Fact]
    public async Task A_record_does_not_exist_before_it_is_written_nor_after_it_is_cleared()
    {
        ILedgerGrain grain = host.Grains.GetGrain<ILedgerGrain>("cleared");
        Assert.Equal((false, null), await grain.RecordAsync());
        await grain.AddAsync("rent", 700);
        (bool exists, string? etag) = await grain.RecordAsync();
        Assert.True(exists);
        Assert.NotNull(etag);
        await grain.ForgetAsync();
        Assert.False((await grain.RecordAsync()).Exists);
        Assert.Equal(0, (await grain.ReadAsync()).Total);
        await grain.EndAsync();
        Assert.Equal(0, await grain.TotalAtActivationAsync());
    }

    [Fact]
    public async Task A_write_on_top_of_somebody_elses_is_refused_and_changes_nothing()
    {
        ILedgerGrain grain = host.Grains.GetGrain<ILedgerGrain>("stale");
        await grain.AddAsync("rent", 700);
        GrainState<LedgerState> stale = new(new LedgerState { Total = 1 }, "no such version");
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(LedgerGrain.StateName, grain.GetGrainId(), stale));
        GrainState<LedgerState> stored = new();
        await Storage.ReadStateAsync(LedgerGrain.StateName, grain.GetGrainId(), stored);
        Assert.Equal(700, stored.State?.Total);
    }

    [Fact]
    public async Task A_grain_whose_state_was_changed_behind_its_back_fails_the_call_and_reads_anew()
    {
        ILedgerGrain grain = host.Grains.GetGrain<ILedgerGrain>("behind");
        await grain.AddAsync("rent", 700);
        GrainState<LedgerState> other = new();
        await Storage.ReadStateAsync(LedgerGrain.StateName, grain.GetGrainId(), other);
        // ! Read just now.
        other.State!.Total = 1_000;
        await Storage.WriteStateAsync(LedgerGrain.StateName, grain.GetGrainId(), other);

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.AddAsync("food", 50));
        Assert.Equal(1_000, await grain.TotalAtActivationAsync());
        await grain.AddAsync("food", 50);
        Assert.Equal(1_050, (await grain.ReadAsync()).Total);
    }
}
