using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class IdentityTests
{
    private readonly EngineHost host;

    public IdentityTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public void Keys_come_back_from_references()
    {
        Guid guid = Guid.NewGuid();
        Assert.Equal("tenant:acme", host.Grains.GetGrain<IReluctantGrain>("tenant:acme").GetPrimaryKeyString());
        Assert.Equal(-5, host.Grains.GetGrain<ITinyGrain>(-5).GetPrimaryKeyLong());
        Assert.Equal(guid, host.Grains.GetGrain<IPlainGrain>(guid).GetPrimaryKey());
    }

    [Fact]
    public void References_to_one_grain_are_equal_and_named_alike()
    {
        IReluctantGrain one = host.Grains.GetGrain<IReluctantGrain>("same");
        IReluctantGrain two = host.Grains.GetGrain<IReluctantGrain>("same");
        Assert.Equal(one, two);
        Assert.NotEqual(one, host.Grains.GetGrain<IReluctantGrain>("other"));
        Assert.Equal(GrainId.Create("reluctant", "same"), one.GetGrainId());
        Assert.Equal("reluctant/same", one.GetGrainId().ToString());
    }

    [Fact]
    public async Task A_grain_is_found_by_its_id()
    {
        ICounterGrain named = host.Grains.GetGrain<ICounterGrain>("by-id", typeof(CounterGrain).FullName);
        Assert.Equal(1, await named.AddAsync());
        Assert.Equal(2, await host.Grains.GetGrain<ICounterGrain>(named.GetGrainId()).AddAsync());
        Assert.Equal(3, await named.AsReference<ICounterGrain>().AddAsync());
    }

    [Fact]
    public void An_interface_that_no_class_implements_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<INobodyGrain>("x"));
}

/// <summary>Implemented by nobody.</summary>
public interface INobodyGrain : IGrainWithStringKey
{
    Task NothingAsync();
}
