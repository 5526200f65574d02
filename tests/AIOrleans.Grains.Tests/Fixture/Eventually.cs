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

    /// <summary>Completes when all slices of this silo have come back: their life is over.</summary>
    public static async Task WhenWholeAsync(this GrainHost host)
    {
        host.Clock.Advance(TimeSpan.FromSeconds(1.1));
        await Async(() => Task.FromResult(host.Slices.Accounts.IsEmpty), isEmpty => isEmpty);
    }

    /// <summary>Completes when an outage is over: the ledger has all settlements of the journal.</summary>
    public static async Task WhenBackAsync(this GrainHost host)
    {
        await Async(() => Task.FromResult(host.Outage.IsAway), isAway => !isAway);

        // Accounts that could not be loaded pause before they try again.
        host.Clock.Advance(TimeSpan.FromSeconds(1.1));
    }

    /// <summary>Completes when the ledger has every call of the journal that has ended.</summary>
    public static async Task WhenReplayedAsync(this GrainHost host)
    {
        await host.WhenBackAsync();
        await Async(() => Task.FromResult(host.Journaled.Settled(1)), settled => settled.Count == 0);
    }
}
