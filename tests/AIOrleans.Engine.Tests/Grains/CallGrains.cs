using AIOrleans.Engine.Tests.Fixture;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests.Grains;

/// <summary>Fails in the ways that code fails.</summary>
public interface IFailingGrain : IGrainWithIntegerKey
{
    Task ThrowBeforeAwaitAsync(string message);

    Task<int> ThrowAfterAwaitAsync(string message);

    ValueTask<int> ThrowByValueAsync(string message);

    Task<int> AnswerAsync(int value);
}

[GenerateSerializer]
public sealed class BudgetException : Exception
{
    public BudgetException(string message)
        : base(message)
    {
    }
}

public class FailingGrain : Grain, IFailingGrain
{
    public Task ThrowBeforeAwaitAsync(string message) => throw new BudgetException(message);

    public async Task<int> ThrowAfterAwaitAsync(string message)
    {
        await Task.Yield();
        throw new BudgetException(message);
    }

    public ValueTask<int> ThrowByValueAsync(string message) => throw new BudgetException(message);

    public Task<int> AnswerAsync(int value) => Task.FromResult(value);
}

/// <summary>Calls others.</summary>
public interface ICallingGrain : IGrainWithStringKey
{
    /// <summary>Calls the grain with the first of the keys, which calls the next, and so on.</summary>
    Task<string> CallAsync(string[] keys);

    /// <summary>What the request context holds here, after going through as many grains as there are keys.</summary>
    Task<string?> ContextAsync(string name, string[] keys);

    /// <summary>The same for the test's own ambient value, which nothing should carry.</summary>
    Task<string?> AmbientAsync();

    Task SetContextAsync(string name, string value);
}

public class CallingGrain : Grain, ICallingGrain
{
    internal static readonly AsyncLocal<string?> Ambient = new();

    public async Task<string> CallAsync(string[] keys)
    {
        string own = this.GetPrimaryKeyString();
        return keys.Length == 0 ? own : $"{own}>{await Next(keys).CallAsync(keys[1..])}";
    }

    public async Task<string?> ContextAsync(string name, string[] keys)
    {
        await Task.Yield();
        return keys.Length == 0 ? RequestContext.Get(name) as string : await Next(keys).ContextAsync(name, keys[1..]);
    }

    public Task<string?> AmbientAsync() => Task.FromResult(Ambient.Value);

    public Task SetContextAsync(string name, string value)
    {
        RequestContext.Set(name, value);
        return Task.CompletedTask;
    }

    private ICallingGrain Next(string[] keys) => GrainFactory.GetGrain<ICallingGrain>(keys[0]);
}

/// <summary>Sees its own calls before it answers them.</summary>
public interface IFilteredGrain : IGrainWithStringKey
{
    Task<int> DoubleAsync(int value);

    Task<int> FailAsync(string why);

    [Alias("named")]
    Task NothingAsync();
}

public class FilteredGrain : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    private readonly Signals signals;

    public FilteredGrain(Signals signals) => this.signals = signals;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        signals.Raise($"{this.GetPrimaryKeyString()}:own", context.MethodName);
        await context.Invoke();
    }

    public async Task<int> DoubleAsync(int value)
    {
        await Task.Yield();
        return value * 2;
    }

    public Task<int> FailAsync(string why) => throw new BudgetException(why);

    public Task NothingAsync() => Task.CompletedTask;
}
