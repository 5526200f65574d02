namespace AIOrleans.Gateway.Idempotency;

/// <summary>Counts who listens to a call; a while after the last one left it is abandoned.</summary>
/// <remarks>Thread-safe. Begins with one listener, the client that made the call.</remarks>
internal sealed class Audience(TimeSpan patience, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource abandoned = new(Timeout.InfiniteTimeSpan, time);
    private int listeners = 1;
    private bool isOver;

    /// <summary>Cancelled when nobody has listened for as long as the patience lasts.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    public bool IsHeard
    {
        get
        {
            lock (gate)
            {
                return listeners > 0;
            }
        }
    }

    public void Join()
    {
        lock (gate)
        {
            listeners++;
            Set(Timeout.InfiniteTimeSpan);
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            listeners--;
            Set(listeners == 0 ? patience : Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Somebody waits elsewhere: patience begins anew.</summary>
    public void Prolong()
    {
        lock (gate)
        {
            if (listeners == 0)
            {
                Set(patience);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            abandoned.Dispose();
        }
    }

    private void Set(TimeSpan left)
    {
        if (!isOver)
        {
            abandoned.CancelAfter(left);
        }
    }
}
