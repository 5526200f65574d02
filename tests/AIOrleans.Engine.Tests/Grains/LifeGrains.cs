using AIOrleans.Engine.Tests.Fixture;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests.Grains;

/// <summary>Raises <c>key:activated</c> and <c>key:deactivated</c>, the latter with the reason's code.</summary>
public interface IMortalGrain : IGrainWithStringKey
{
    /// <summary>Which activation this is: unique in the process.</summary>
    Task<long> ActivationAsync();

    Task EndAsync();

    /// <summary>Ends the activation now and then.</summary>
    Task<int> CountAndSometimesEndAsync(int call);

    Task DelayEndAsync(TimeSpan atLeast);
}

public class MortalGrain : Grain, IMortalGrain
{
    private static long activations;
    private readonly Signals signals;
    private readonly long activation = Interlocked.Increment(ref activations);

    public MortalGrain(Signals signals) => this.signals = signals;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        signals.Raise($"{this.GetPrimaryKeyString()}:activated");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        signals.Raise($"{this.GetPrimaryKeyString()}:deactivated", reason.ReasonCode);
    }

    public Task<long> ActivationAsync() => Task.FromResult(activation);

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task<int> CountAndSometimesEndAsync(int call)
    {
        if (call % 7 == 0)
        {
            DeactivateOnIdle();
        }

        await Task.Yield();
        signals.Raise($"{this.GetPrimaryKeyString()}:counted");
        return call;
    }

    public Task DelayEndAsync(TimeSpan atLeast)
    {
        DelayDeactivation(atLeast);
        return Task.CompletedTask;
    }
}

/// <summary>The same, and never collected.</summary>
public interface IImmortalGrain : IMortalGrain;

[KeepAlive]
public class ImmortalGrain : MortalGrain, IImmortalGrain
{
    public ImmortalGrain(Signals signals)
        : base(signals)
    {
    }
}

/// <summary>Fails to activate until the test raises <c>key:allow</c>, in the constructor or in <c>OnActivateAsync</c> as the key says.</summary>
public interface IReluctantGrain : IGrainWithStringKey
{
    [AlwaysInterleave]
    Task<string> GreetAsync();
}

public class ReluctantGrain : Grain, IReluctantGrain
{
    private readonly Signals signals;

    public ReluctantGrain(Signals signals, IGrainContext context)
    {
        this.signals = signals;
        FailUnlessAllowed("constructor", context.GrainId.Key.ToString());
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        FailUnlessAllowed("activation", this.GetPrimaryKeyString());
    }

    public Task<string> GreetAsync() => Task.FromResult("hello");

    private void FailUnlessAllowed(string step, string key)
    {
        if (key.StartsWith(step, StringComparison.Ordinal) && signals.Count($"{key}:allow") == 0)
        {
            throw new InvalidOperationException($"{key} is not allowed yet");
        }
    }
}

/// <summary>As small as a grain can be.</summary>
public interface ITinyGrain : IGrainWithIntegerKey
{
    Task<int> PingAsync();
}

public class TinyGrain : Grain, ITinyGrain
{
    private int pings;

    public Task<int> PingAsync() => Task.FromResult(++pings);
}

/// <summary>A grain class that does not derive from <see cref="Grain"/>.</summary>
public interface IPlainGrain : IGrainWithGuidKey
{
    Task<Guid> KeyAsync();
}

public class PlainGrain : IGrainBase, IPlainGrain
{
    public PlainGrain(IGrainContext context) => GrainContext = context;

    public IGrainContext GrainContext { get; }

    public Task<Guid> KeyAsync() => Task.FromResult(this.GetPrimaryKey());
}
