namespace AIOrleans.Protocols.Chat;

/// <summary>What to do with one event of a chat stream.</summary>
public enum StreamStep
{
    /// <summary>Pass its bytes on.</summary>
    Forward,

    /// <summary>Keep it from the client: the usage chunk that only the gateway asked for, or an event without content.</summary>
    Drop,

    /// <summary>The stream is complete: pass it on and stop reading.</summary>
    Done,

    /// <summary>The provider reports an error, see <see cref="IStreamMeter.Error"/>: fail over if nothing was sent, else end with an error event.</summary>
    Failed,

    /// <summary>Not a chat chunk; clients would break on it. Treat as failed.</summary>
    Garbage,
}
