using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests;

[Collection(SharedHostTests.Name)]
public sealed class CallTests
{
    private readonly EngineHost host;

    public CallTests(SharedHost shared) => host = shared.Host;

    [Fact]
    public async Task Exceptions_keep_their_type_message_and_stack()
    {
        IFailingGrain grain = host.Grains.GetGrain<IFailingGrain>(1);
        Func<Task>[] calls = [() => grain.ThrowBeforeAwaitAsync("spent"), () => grain.ThrowAfterAwaitAsync("spent"), () => grain.ThrowByValueAsync("spent").AsTask()];
        string[] methods = [nameof(IFailingGrain.ThrowBeforeAwaitAsync), nameof(IFailingGrain.ThrowAfterAwaitAsync), nameof(IFailingGrain.ThrowByValueAsync)];
        foreach ((Func<Task> call, string method) in calls.Zip(methods))
        {
            BudgetException thrown = await Assert.ThrowsAsync<BudgetException>(call);
            Assert.Equal("spent", thrown.Message);
            Assert.Contains(method, thrown.StackTrace, StringComparison.Ordinal);
        }

        Assert.Equal(3, await grain.AnswerAsync(3));
    }

    [Fact]
    public async Task A_cancelled_call_lets_its_caller_go_and_cancels_the_callees_token()
    {
        const string Key = nameof(A_cancelled_call_lets_its_caller_go_and_cancels_the_callees_token);
        IHoldingGrain grain = Holding(Key);
        using CancellationTokenSource source = new();
        Task call = grain.HoldCancellablyAsync("a", source.Token);
        await host.Signals.WaitAsync($"{Key}:a:in");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Signals.Patience));
        await host.Signals.WaitAsync($"{Key}:a:cancelled");
        host.Signals.Raise($"{Key}:b:go");
        await grain.HoldAsync("b").WaitAsync(Signals.Patience);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_while_it_waits_lets_its_caller_go_at_once_and_does_not_hold_up_the_grain()
    {
        const string Key = nameof(A_call_that_is_cancelled_while_it_waits_lets_its_caller_go_at_once_and_does_not_hold_up_the_grain);
        IHoldingGrain grain = Holding(Key);
        Task first = grain.HoldAsync("a");
        await host.Signals.WaitAsync($"{Key}:a:in");
        using CancellationTokenSource source = new();
        Task second = grain.HoldCancellablyAsync("b", source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Signals.Patience));
        Assert.False(first.IsCompleted);

        // Genuine Orleans may still start the call, with a token that is cancelled or soon will be.
        host.Signals.Raise($"{Key}:a:go");
        host.Signals.Raise($"{Key}:c:go");
        await first;
        await grain.HoldAsync("c").WaitAsync(Signals.Patience);
        Assert.Equal(0, host.Signals.Count($"{Key}:b:out"));
    }

    [Fact]
    public async Task A_call_with_a_token_that_is_cancelled_already_fails_as_cancelled()
    {
        IHoldingGrain grain = Holding(nameof(A_call_with_a_token_that_is_cancelled_already_fails_as_cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.HoldCancellablyAsync("a", new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Grains_that_wait_for_each_other_end_in_a_timeout_that_names_grain_and_method()
    {
        await using EngineHost hasty = await EngineHost.StartAsync(static silo => silo
            .Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(1))
            .Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(1)));
        ICallingGrain first = hasty.Grains.GetGrain<ICallingGrain>("ring-a");
        TimeoutException thrown = await Assert.ThrowsAsync<TimeoutException>(() => first.CallAsync(["ring-b", "ring-a"]).WaitAsync(Signals.Patience));

        // Three calls wait equally long; whichever gives up first is what the caller hears of.
        Assert.Contains("ring-", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ICallingGrain.CallAsync), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_can_say_how_long_its_callers_wait()
    {
        const string Key = nameof(A_method_can_say_how_long_its_callers_wait);
        IHoldingGrain grain = Holding(Key);
        TimeoutException thrown = await Assert.ThrowsAsync<TimeoutException>(() => grain.HoldBrieflyAsync("a").WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("00:00:00.5", thrown.Message, StringComparison.Ordinal);
        host.Signals.Raise($"{Key}:a:go");
        host.Signals.Raise($"{Key}:b:go");
        await grain.HoldAsync("b").WaitAsync(Signals.Patience);
    }

    [Fact]
    public async Task A_one_way_call_returns_before_it_is_done()
    {
        const string Key = nameof(A_one_way_call_returns_before_it_is_done);
        await Holding(Key).HoldOneWayAsync("a").WaitAsync(Signals.Patience);
        Assert.Equal(0, host.Signals.Count($"{Key}:a:out"));
        host.Signals.Raise($"{Key}:a:go");
        await host.Signals.WaitAsync($"{Key}:a:out");
    }

    [Fact]
    public async Task A_method_may_return_a_value_task()
    {
        const string Key = nameof(A_method_may_return_a_value_task);
        ValueTask<string> call = Holding(Key).HoldByValueAsync("a");
        await host.Signals.WaitAsync($"{Key}:a:in");
        host.Signals.Raise($"{Key}:a:go");
        Assert.Equal("a", await call);
    }

    [Fact]
    public async Task Grains_call_grains()
    {
        ICallingGrain grain = host.Grains.GetGrain<ICallingGrain>("call-a");
        Assert.Equal("call-a>call-b>call-c", await grain.CallAsync(["call-b", "call-c"]));
    }

    [Fact]
    public async Task The_request_context_travels_along_the_calls_and_not_back()
    {
        ICallingGrain grain = host.Grains.GetGrain<ICallingGrain>("context-a");
        RequestContext.Set("tenant", "acme");
        Assert.Equal("acme", await grain.ContextAsync("tenant", ["context-b", "context-c"]));
        await grain.SetContextAsync("tenant", "other");
        Assert.Equal("acme", RequestContext.Get("tenant"));
        RequestContext.Clear();
        Assert.Null(await grain.ContextAsync("tenant", ["context-b"]));
    }

    [Fact]
    public async Task Nothing_else_that_is_ambient_reaches_the_callee()
    {
        CallingGrain.Ambient.Value = "leaked";
        ICallingGrain grain = host.Grains.GetGrain<ICallingGrain>("ambient");
        Assert.Null(await grain.AmbientAsync());
        Assert.Null(await grain.AmbientAsync());
        Assert.Equal("leaked", CallingGrain.Ambient.Value);
    }

    private IHoldingGrain Holding(string key) => host.Grains.GetGrain<IHoldingGrain>(key, typeof(HoldingGrain).FullName);
}
