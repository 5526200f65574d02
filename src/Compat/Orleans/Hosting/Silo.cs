using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Compat.Activations;
using Orleans.Compat.Calls;
using Orleans.Compat.Proxies;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Compat.Hosting;

/// <summary>The engine of one host: its grain classes, the calls under way, the clock of the collector, and its end.</summary>
/// <remarks>Thread-safe. Takes calls as soon as it exists; the hosted service starts reminders and collection, and stops everything.</remarks>
internal sealed class Silo : IDisposable
{
    private readonly Lazy<GrainClasses> classes;
    private ITimer? collector;
    private int quantum;
    private volatile bool isStopping;

    public Silo(
        IServiceProvider services,
        TimeProvider time,
        ILoggerFactory loggers,
        ILocalSiloDetails details,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection,
        IEnumerable<IIncomingGrainCallFilter> filters)
    {
        Services = services;
        Time = time;
        Details = details;
        Collection = collection.Value;
        Collection.Validate();
        Filters = [.. filters];
        Log = new SiloLog(loggers.CreateLogger("Orleans.Compat"));
        Pending = new PendingCalls(time, messaging.Value.ResponseTimeout);
        classes = new Lazy<GrainClasses>(() => new GrainClasses(this));
        Factory = new GrainFactory(this);
    }

    internal IServiceProvider Services { get; }

    internal TimeProvider Time { get; }

    internal ILocalSiloDetails Details { get; }

    internal SiloLog Log { get; }

    internal GrainFactory Factory { get; }

    internal PendingCalls Pending { get; }

    internal GrainCollectionOptions Collection { get; }

    internal IReadOnlyList<IIncomingGrainCallFilter> Filters { get; }

    internal GrainClasses Classes => classes.Value;

    /// <summary>How often the collector has looked. Read by every call: the only clock that costs nothing.</summary>
    internal int Quantum => Volatile.Read(ref quantum);

    public void Dispose()
    {
        collector?.Dispose();
        Pending.Dispose();
    }

    /// <summary>Starts the collector of idle activations.</summary>
    internal void Start()
    {
        Log.Started(Details.Name, Classes.All.Count);
        collector = Time.CreateTimer(static silo => ((Silo?)silo)?.CollectIdle(), this, Collection.CollectionQuantum, Collection.CollectionQuantum);
    }

    /// <summary>Ends every activation; waits for their last words no longer than the deactivation timeout, or until cancelled.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        isStopping = true;
        collector?.Dispose();
        Activation[] all = [.. Classes.All.SelectMany(static grainClass => grainClass.Activations)];
        DeactivationReason reason = new(DeactivationReasonCode.ShuttingDown, "The silo is stopping.");
        Task[] ends = [.. all.Select(activation =>
        {
            activation.Deactivate(reason, cancellationToken);
            return activation.Deactivated;
        })];
        await Task.WhenAll(ends).WaitAsync(Collection.DeactivationTimeout, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int left = ends.Count(static end => !end.IsCompleted);
        if (left > 0)
        {
            Log.StoppedHard(left);
        }

        Pending.FailAll("The silo has stopped.");
        Pending.Dispose();
    }

    /// <summary>Hands a call to its grain's activation, which is made when there is none.</summary>
    internal void Dispatch(Call call, bool mayRunHere)
    {
        while (true)
        {
            Activation activation;
            bool isTaken;
            try
            {
                activation = call.Target.Resolve(call, mayRunHere, out isTaken);
            }
            catch (SiloUnavailableException exception)
            {
                call.Fail(exception);
                return;
            }

            if (isTaken || activation.TryAccept(call, mayRunHere))
            {
                break;
            }

            call.Target.Forget(activation);
        }

        if (!call.IsAnswered && !call.Method.Traits.HasFlag(CallTraits.OneWay))
        {
            Pending.Add(call);
        }
    }

    internal void ThrowIfStopping()
    {
        if (isStopping)
        {
            throw new SiloUnavailableException("The silo is stopping and activates no more grains.");
        }
    }

    internal TimeSpan CollectionAgeOf(Type classType) =>
        Collection.ClassSpecificCollectionAge.TryGetValue(classType.FullName ?? "", out TimeSpan age) ? age : Collection.CollectionAge;

    /// <summary>Full looks of the collector within the age; at least one more passes before an activation is collected.</summary>
    internal int QuantaOf(TimeSpan age) => age == TimeSpan.MaxValue ? int.MaxValue : (int)Math.Min(int.MaxValue, Math.Ceiling(age / Collection.CollectionQuantum));

    private void CollectIdle()
    {
        Interlocked.Increment(ref quantum);
        foreach (GrainClass grainClass in Classes.All)
        {
            if (grainClass.CollectionAgeQuanta == int.MaxValue)
            {
                continue;
            }

            foreach (Activation activation in grainClass.Activations)
            {
                activation.CollectIfIdle();
            }
        }
    }
}
