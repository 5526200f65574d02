namespace Orleans.Compat.Activations;

/// <summary>One turn of an activation. An item is in one queue at most.</summary>
internal abstract class WorkItem
{
    /// <summary>Owned by the queue that holds the item.</summary>
    internal WorkItem? Next { get; set; }

    /// <summary>Runs as a turn: nothing else of the activation runs meanwhile. Does not throw.</summary>
    internal abstract void Run(Activation activation);
}

/// <summary>First in, first out, linked through the items themselves. Guarded by the activation's gate.</summary>
internal struct WorkQueue
{
    private WorkItem? tail;

    internal WorkItem? Head { get; private set; }

    internal readonly WorkItem? Tail => tail;

    internal readonly bool IsEmpty => Head is null;

    internal void Enqueue(WorkItem item)
    {
        item.Next = null;
        if (tail is null)
        {
            Head = item;
        }
        else
        {
            tail.Next = item;
        }

        tail = item;
    }

    internal WorkItem? TakeFirst()
    {
        WorkItem? first = Head;
        Head = first?.Next;
        tail = Head is null ? null : tail;
        if (first is not null)
        {
            first.Next = null;
        }

        return first;
    }

    /// <summary>Empties the queue and hands back its items, linked in order.</summary>
    internal WorkItem? TakeAll()
    {
        WorkItem? head = Head;
        Head = null;
        tail = null;
        return head;
    }

    /// <summary>Appends a chain that <see cref="TakeAll"/> handed out, from <paramref name="first"/> to its end <paramref name="last"/>.</summary>
    internal void Append(WorkItem first, WorkItem last)
    {
        if (tail is null)
        {
            Head = first;
        }
        else
        {
            tail.Next = first;
        }

        tail = last;
    }
}

/// <summary>A continuation of the activation's own code, posted through the synchronization context.</summary>
internal sealed class PostedTurn : WorkItem
{
    private readonly SendOrPostCallback callback;
    private readonly object? state;

    internal PostedTurn(SendOrPostCallback callback, object? state)
    {
        this.callback = callback;
        this.state = state;
    }

    internal override void Run(Activation activation)
    {
        try
        {
            callback(state);
        }
        catch (Exception exception)
        {
            // Only an async void method gets here, and one grain's mistake must not end the process.
            activation.Silo.Log.UnobservedException(activation.GrainId, exception);
        }
    }
}
