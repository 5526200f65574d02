namespace AIOrleans.Core.Ports;

/// <summary>Which work of this process <see cref="IQueueDepth"/> counts.</summary>
public enum QueuedWork
{
    /// <summary>Calls that wait for the ledger.</summary>
    Ledger,

    /// <summary>Requests that hold.</summary>
    LiveCalls,

    /// <summary>Requests that are being served, from their first header to their last byte.</summary>
    Requests,

    /// <summary>Requests that wait in line for a limit.</summary>
    InLine,
}

/// <summary>How much work of one kind this process has before it. Several parts of the process have one. Thread-safe.</summary>
public interface IQueueDepth
{
    QueuedWork Work { get; }

    int Count { get; }
}
