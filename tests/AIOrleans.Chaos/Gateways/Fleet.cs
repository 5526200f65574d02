using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Stores;

namespace AIOrleans.Chaos.Gateways;

/// <summary>The gateways of a run, each killed and restarted on the same database and data folder.</summary>
internal sealed class Fleet(ChaosOptions options, IStore store, string folder, string configPath) : ICallTargets, IAsyncDisposable
{
#if CLUSTER
    private const bool IsCluster = true;
#else
    private const bool IsCluster = false;
#endif

    private readonly SiloPlaces places = new(options.Silos);
    private readonly Task<GatewayLife>[] current = new Task<GatewayLife>[options.Silos];

    // Held while a gateway starts, which it cannot without its database, and while that is away.
    private readonly SemaphoreSlim startGate = new(1, 1);
    private int lives;

    public int Count => current.Length;

    /// <summary>True when each account lives once, wherever: in the only gateway, or in the cluster that they form.</summary>
    public bool SharesAccounts => Count == 1 || (IsCluster && options.Break != Sabotage.Fencing);

    public int Kills { get; private set; }

    /// <summary>Callers see the deaths of gateways themselves.</summary>
    public int ConnectTriesMax => 1;

    public Task<GatewayLife> ChooseAsync(Random dice) => CurrentAsync(dice.Next(Count));

    /// <summary>The running gateway in <paramref name="slot"/>, as soon as there is one.</summary>
    public Task<GatewayLife> CurrentAsync(int slot) => Volatile.Read(ref current[slot]);

    public async Task StartAsync()
    {
        for (int slot = 0; slot < Count; slot++)
        {
            current[slot] = StartOneAsync(slot);
            await current[slot];
        }
    }

    /// <summary>Kills one gateway under load and starts it again.</summary>
    /// <param name="whileDown">Runs between the two.</param>
    public async Task KillAndRestartAsync(int slot, Func<Task> whileDown)
    {
        GatewayLife life = await current[slot];
        var next = new TaskCompletionSource<GatewayLife>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref current[slot], next.Task);
        Kills++;
        await ReplaceAsync(slot, next, async () =>
        {
            await life.KillAsync();
            await whileDown();
        });
    }

    /// <summary>Stops one gateway where it is for so long, unless it is killed meanwhile.</summary>
    public async Task FreezeAsync(int slot, TimeSpan duration, TimeProvider time)
    {
        GatewayLife life = await current[slot];
        int number = life.Disturbances.Begin(time.GetUtcNow());
        await life.FreezeAsync();
        await Task.Delay(duration, time);
        await life.ThawAsync();
        life.Disturbances.End(number, time.GetUtcNow());
    }

    /// <summary>Crashes the database under all gateways, and brings it back.</summary>
    public async Task CrashStoreAsync(TimeSpan downtime, TimeProvider time)
    {
        await startGate.WaitAsync();
        try
        {
            GatewayLife[] running = [.. current.Where(life => life.IsCompletedSuccessfully).Select(life => life.Result)];
            int[] numbers = Array.ConvertAll(running, life => life.Disturbances.Begin(time.GetUtcNow()));
            await store.CrashAsync(downtime);
            for (int i = 0; i < running.Length; i++)
            {
                running[i].Disturbances.End(numbers[i], time.GetUtcNow());
            }
        }
        finally
        {
            startGate.Release();
        }
    }

    /// <summary>Ends all, and starts them anew, together: what they then know, they know from the database.</summary>
    /// <returns>The first.</returns>
    public async Task<GatewayLife> ReloadAsync()
    {
        GatewayLife[] lives = await Task.WhenAll(current);
        await Task.WhenAll(lives.Select(life => life.EndAsync()));
        for (int slot = 0; slot < Count; slot++)
        {
            current[slot] = LaunchAsync(slot);
        }

        return (await Task.WhenAll(current))[0];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Task<GatewayLife> life in current.Where(life => life is not null))
        {
            try
            {
                (await life).Dispose();
            }
            catch (InvalidOperationException)
            {
                // It never started: nothing to end.
            }
        }

        startGate.Dispose();
    }

    private async Task ReplaceAsync(int slot, TaskCompletionSource<GatewayLife> next, Func<Task> before)
    {
        try
        {
            await before();
            next.SetResult(await StartOneAsync(slot));
        }
        catch (Exception exception)
        {
            next.SetException(exception);
            throw;
        }
    }

    private async Task<GatewayLife> StartOneAsync(int slot)
    {
        await startGate.WaitAsync();
        try
        {
            return await LaunchAsync(slot);
        }
        finally
        {
            startGate.Release();
        }
    }

    private Task<GatewayLife> LaunchAsync(int slot)
    {
        string[] arguments =
        [
            "--config", configPath,
            "--data", Directory.CreateDirectory(Path.Combine(folder, $"gateway{slot}")).FullName,
            "--urls", "http://127.0.0.1:0",

            // Silos that do not know each other activate every account twice, as a network that is cut in two makes them do: only the fence is left.
            .. places.ArgumentsOf(slot, options.Break == Sabotage.Fencing ? $"chaos{slot}" : "chaos"),
            "--Ledger:LeaseSeconds", $"{options.LeaseSeconds}",
            "--Gateway:AbortDrainSeconds", $"{Timeouts.AbortDrain.TotalSeconds}",
            "--Gateway:StreamAbortDrainSeconds", $"{Timeouts.AbortDrain.TotalSeconds}",
            .. store.GatewayArguments,
        ];
        return GatewayLife.StartAsync(GatewayLife.Built, [], arguments, places.Environment, Path.Combine(folder, $"gateway{slot}.log"), Interlocked.Increment(ref lives));
    }
}
