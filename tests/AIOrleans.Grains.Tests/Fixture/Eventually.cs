using AIOrleans.Testing;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>Waits for what nobody announces: asks again and again, yielding in between.</summary>
internal static class Eventually
{
    public static async Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> isSo)
    {
        using var patience = new CancellationTokenSource(LedgerStop.Patience);
        while (true)
        {
            T answer = await ask();
            if (isSo(answer))
            {
                return answer;
            }

            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Completes when no settlement waits for the ledger.</summary>
    public static Task WhenNothingWaitsAsync(this GrainHost host) => Async(() => Task.FromResult(host.Settlements.WaitingCount), count => count == 0);
}
