using AIOrleans.Core.Ports;

namespace AIOrleans.Grains.Outages;

/// <summary>Whether the ledger answers this silo, when an account on another silo says that it cannot reach it.</summary>
/// <remarks>Thread-safe: however many ask at once, it is asked once.</remarks>
internal sealed class StoreProbe(ILedger ledger, TimeProvider time)
{
    /// <summary>A ledger that needs longer is taken for away: the caller waits for this besides.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<bool> asking = Task.FromResult(false);

    public Task<bool> AnswersAsync()
    {
        lock (gate)
        {
            if (asking.IsCompleted)
            {
                asking = AskAsync();
            }

            return asking;
        }
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            await ledger.ReadEventsAsync(long.MaxValue, 1, CancellationToken.None).WaitAsync(AnswerMax, time);
            return true;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException)
        {
            return false;
        }
    }
}
