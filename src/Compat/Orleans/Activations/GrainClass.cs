using System.Collections.Concurrent;
using Orleans.Compat.Calls;
using Orleans.Compat.Hosting;
using Orleans.Compat.State;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Compat.Activations;

/// <summary>One grain class in one silo: what its attributes say, and its activations.</summary>
internal sealed class GrainClass
{
    private readonly ConcurrentDictionary<string, Activation> activations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StatelessWorkers> workers = new(StringComparer.Ordinal);
    private readonly GrainClassShape shape;
    private readonly Lazy<GrainConstructor> constructor;

    internal GrainClass(Silo silo, GrainClassShape shape)
    {
        Silo = silo;
        this.shape = shape;
        IsInlineAllowed = silo.Filters.Count == 0 && shape.MayInterleave is null && !typeof(IIncomingGrainCallFilter).IsAssignableFrom(shape.ClassType);
        CollectionAgeQuanta = silo.QuantaOf(shape.CollectionAge ?? silo.CollectionAgeOf(shape.ClassType));
        constructor = new Lazy<GrainConstructor>(() => new GrainConstructor(shape.ClassType));
    }

    internal Silo Silo { get; }

    internal GrainType Type => shape.Type;

    internal Type ClassType => shape.ClassType;

    /// <summary>What the class adds to the traits of every method.</summary>
    internal CallTraits Traits => shape.Traits;

    /// <summary>Zero for an ordinary grain, else how many activations may serve one key.</summary>
    internal int WorkersMax => shape.WorkersMax;

    internal Func<object?, IInvokable, bool>? MayInterleave => shape.MayInterleave;

    internal bool HasOnActivate => shape.HasOnActivate;

    internal bool HasOnDeactivate => shape.HasOnDeactivate;

    internal IReadOnlyList<ImplicitStreamSubscriptionAttribute> ImplicitSubscriptions => shape.ImplicitSubscriptions;

    internal bool IsInlineAllowed { get; }

    /// <summary>Ticks of the collector's clock that an activation may be idle for.</summary>
    internal int CollectionAgeQuanta { get; }

    internal IEnumerable<Activation> Activations => activations.Values.Concat(workers.Values.SelectMany(static pool => pool.Members));

    internal Activation? Find(IdSpan key) => activations.GetValueOrDefault(key.Text);

    /// <summary>The activation of the key; made for the call, and then <paramref name="isTaken"/>: the call is its first.</summary>
    /// <exception cref="SiloUnavailableException">There is none, and the silo is stopping.</exception>
    internal Activation FindOrActivate(IdSpan key, Call call, bool mayRunHere, out bool isTaken)
    {
        isTaken = false;
        if (activations.TryGetValue(key.Text, out Activation? found))
        {
            return found;
        }

        Activation made = Make(key, null);
        found = activations.GetOrAdd(key.Text, made);
        if (ReferenceEquals(found, made))
        {
            isTaken = true;
            made.Begin(call, mayRunHere);
        }

        return found;
    }

    internal StatelessWorkers WorkersOf(IdSpan key) =>
        workers.TryGetValue(key.Text, out StatelessWorkers? pool) ? pool : workers.GetOrAdd(key.Text, _ => new StatelessWorkers(this, key));

    internal Activation Make(IdSpan key, StatelessWorkers? pool)
    {
        Silo.ThrowIfStopping();
        return new Activation(Silo, this, key, pool);
    }

    internal void Forget(Activation gone)
    {
        if (gone.Workers is { } pool)
        {
            pool.Remove(gone);
        }
        else
        {
            activations.TryRemove(KeyValuePair.Create(gone.Key.Text, gone));
        }
    }

    internal (object Grain, IReadOnlyList<IStateToLoad> States) Construct(Activation activation) => constructor.Value.Construct(activation);
}
