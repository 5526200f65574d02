using Orleans.Compat.Calls;
using Orleans.Runtime;

namespace Orleans.Compat.Activations;

/// <summary>The activations that serve one key of a stateless worker class: as many as are busy at once, up to a limit.</summary>
internal sealed class StatelessWorkers
{
    private readonly Lock gate = new();
    private readonly GrainClass grainClass;
    private readonly IdSpan key;

    // Replaced whole behind the gate, read without it.
    private Activation[] members = [];

    internal StatelessWorkers(GrainClass grainClass, IdSpan key)
    {
        this.grainClass = grainClass;
        this.key = key;
    }

    internal Activation[] Members => Volatile.Read(ref members);

    /// <summary>A worker that nobody is using just now, or null.</summary>
    internal Activation? FindIdle()
    {
        Activation[] all = Members;
        int start = Environment.CurrentManagedThreadId;
        for (int step = 0; step < all.Length; step++)
        {
            Activation worker = all[(start + step) % all.Length];
            if (worker.IsIdle)
            {
                return worker;
            }
        }

        return null;
    }

    /// <summary>An idle worker, else a new one if there may be more, else the one with the least to do.</summary>
    /// <param name="isTaken">The worker is new, and the call is its first.</param>
    internal Activation Choose(Call call, bool mayRunHere, out bool isTaken)
    {
        isTaken = false;
        if (FindIdle() is { } idle)
        {
            return idle;
        }

        Activation made;
        lock (gate)
        {
            if (members.Length >= grainClass.WorkersMax)
            {
                // ! There is at least one, because the limit is at least one.
                return members.MinBy(static worker => worker.Load)!;
            }

            made = grainClass.Make(key, this);
            members = [.. members, made];
        }

        isTaken = true;
        made.Begin(call, mayRunHere);
        return made;
    }

    internal void Remove(Activation worker)
    {
        lock (gate)
        {
            members = [.. members.Where(member => member != worker)];
        }
    }
}
