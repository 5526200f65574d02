using System.Security.Cryptography;
using AIOrleans.Chaos.Stores;

namespace AIOrleans.Chaos.Gateways;

/// <summary>The gateways of a run, each killed and restarted on the same database and data folder.</summary>
internal sealed class Fleet(ChaosOptions options, IStore store, string folder, string configPath) : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string> environment = new Dictionary<string, string>
    {
        // One key for all, as silos of one installation have.
        ["AIORLEANS_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
    };

    private readonly Task<GatewayLife>[] current = new Task<GatewayLife>[options.Silos];
    private int lives;

    public int Count => current.Length;

    public int Kills { get; private set; }

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

    /// <summary>Ends all, and starts the first anew: what it then knows, it knows from the database.</summary>
    public async Task<GatewayLife> ReloadAsync()
    {
        foreach (Task<GatewayLife> life in current)
        {
            await (await life).EndAsync();
        }

        current[0] = StartOneAsync(0);
        return await current[0];
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

    private Task<GatewayLife> StartOneAsync(int slot)
    {
        string[] arguments =
        [
            "--config", configPath,
            "--data", Directory.CreateDirectory(Path.Combine(folder, $"gateway{slot}")).FullName,
            "--urls", "http://127.0.0.1:0",
            "--Ledger:LeaseSeconds", $"{options.LeaseSeconds}",
            "--Gateway:AbortDrainSeconds", $"{Timeouts.AbortDrain.TotalSeconds}",
            .. store.GatewayArguments,
        ];
        return GatewayLife.StartAsync(arguments, environment, Path.Combine(folder, $"gateway{slot}.log"), Interlocked.Increment(ref lives));
    }
}
