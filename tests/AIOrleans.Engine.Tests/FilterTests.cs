using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;
using Orleans.Hosting;

namespace AIOrleans.Engine.Tests;

public sealed class FilterTests
{
    [Fact]
    public async Task Filters_run_around_each_call_in_order_and_the_grains_own_is_the_last()
    {
        List<string> order = [];
        await using EngineHost host = await EngineHost.StartAsync(silo => silo
            .AddIncomingGrainCallFilter(context => NoteAsync("first", context))
            .AddIncomingGrainCallFilter(context => NoteAsync("second", context)));
        IFilteredGrain grain = host.Grains.GetGrain<IFilteredGrain>("order");
        Assert.Equal(42, await grain.DoubleAsync(21));
        Assert.Equal(["first in", "second in", "second out", "first out"], order);
        Assert.Equal(nameof(IFilteredGrain.DoubleAsync), Assert.Single(host.Signals.Values("order:own")));

        async Task NoteAsync(string name, IIncomingGrainCallContext context)
        {
            if (context.Grain is not FilteredGrain)
            {
                await context.Invoke();
                return;
            }

            order.Add($"{name} in");
            await context.Invoke();
            order.Add($"{name} out");
        }
    }

    [Fact]
    public async Task A_filter_sees_the_call_and_may_change_its_result_or_its_failure()
    {
        string? seen = null;
        await using EngineHost host = await EngineHost.StartAsync(silo => silo.AddIncomingGrainCallFilter(async context =>
        {
            if (context.Grain is not FilteredGrain)
            {
                await context.Invoke();
                return;
            }

            seen = $"{context.InterfaceMethod.DeclaringType?.Name}.{context.MethodName}({context.Request.GetArgument(0)}) of {context.TargetId.Key}";
            try
            {
                await context.Invoke();
                context.Result = (int?)context.Result + 1;
            }
            catch (BudgetException)
            {
                context.Result = -1;
            }
        }));
        IFilteredGrain grain = host.Grains.GetGrain<IFilteredGrain>("change");
        Assert.Equal(43, await grain.DoubleAsync(21));
        Assert.Equal("IFilteredGrain.DoubleAsync(21) of change", seen);
        Assert.Equal(-1, await grain.FailAsync("why"));
    }

    [Fact]
    public async Task A_filter_that_throws_is_the_answer()
    {
        await using EngineHost host = await EngineHost.StartAsync(silo => silo.AddIncomingGrainCallFilter(context =>
            context.Grain is FilteredGrain ? throw new BudgetException("refused") : context.Invoke()));
        BudgetException thrown = await Assert.ThrowsAsync<BudgetException>(() => host.Grains.GetGrain<IFilteredGrain>("refuse").NothingAsync());
        Assert.Equal("refused", thrown.Message);
    }
}
