using AIOrleans.Chaos.Calls;
using AIOrleans.Chaos.Gateways;
using AIOrleans.Chaos.Stores;

namespace AIOrleans.Chaos.Drills;

/// <summary>The silos of a drill, and the balancer in front of them: it calls those that say they are ready, and tries another one when a connection is refused.</summary>
internal sealed class SiloGroup(SiloNetwork network, IStore store, string folder, string configPath, DrillOptions options, TimeProvider time) : ICallTargets, IDisposable
{
    /// <summary>Silos at most.</summary>
    public const int Max = 3;

    /// <summary>Between two looks at the health of one silo.</summary>
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan OutPause = TimeSpan.FromSeconds(1);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(2) };
    private readonly GatewayLife?[] lives = new GatewayLife?[Max];
    private readonly bool[] isReady = new bool[Max];
    private readonly bool[] isOld = new bool[Max];
    private readonly bool[] isOut = new bool[Max];
    private readonly SiloPlaces places = new(Max);

    private int count;

    // Of silos that start from now on: the older build, until the first upgrade.
    private string program = options.From is { } from ? Path.Combine(from, GatewayLife.ProgramName) : GatewayLife.Built;

    public int ConnectTriesMax => 10;

    public IEnumerable<GatewayLife> Running => lives.OfType<GatewayLife>();

    /// <summary>Those that run the older build.</summary>
    public IEnumerable<int> Old => Enumerable.Range(0, Max).Where(slot => lives[slot] is not null && isOld[slot]);

    /// <summary>True once silos start from the new build.</summary>
    public bool IsUpgrading => options.From is not null && program == GatewayLife.Built;

    public GatewayLife this[int slot] => Volatile.Read(ref lives[slot]) ?? throw new InvalidOperationException($"There is no silo {slot}.");

    public async Task<GatewayLife> ChooseAsync(Random dice)
    {
        while (true)
        {
            GatewayLife[] ready = [.. Enumerable.Range(0, Max).Where(slot => Volatile.Read(ref isReady[slot])).Select(slot => Volatile.Read(ref lives[slot])).OfType<GatewayLife>()];
            if (ready.Length > 0)
            {
                return ready[dice.Next(ready.Length)];
            }

            await Task.Delay(LookPause, time);
        }
    }

    /// <summary>As silos call themselves.</summary>
    public string NameOf(int slot) => places.NameOf(slot);

    public async Task StartAsync(int slot)
    {
        isOld[slot] = program != GatewayLife.Built;
        Volatile.Write(ref lives[slot], await LaunchAsync(slot, program));
        Volatile.Write(ref isOut[slot], false);
    }

    /// <summary>Whoever starts from now on starts from the new build.</summary>
    public void Upgrade() => program = GatewayLife.Built;

    /// <summary>Starts the older build in a free slot, which is a mistake once the new one has migrated the database.</summary>
    /// <returns>Its last words when it refused; null when it came up, and was stopped again.</returns>
    public async Task<string?> TryOldAsync(int slot)
    {
        // ! Only asked while upgrading.
        string old = Path.Combine(options.From!, GatewayLife.ProgramName);
        try
        {
            using GatewayLife life = await LaunchAsync(slot, old);
            await life.StopAsync();
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Takes a silo out of the balancer until it starts again, and gives calls that were on their way to it a moment: older builds close connections as soon as they are to stop.</summary>
    public Task TakeOutAsync(int slot)
    {
        Volatile.Write(ref isOut[slot], true);
        Volatile.Write(ref isReady[slot], false);
        return Task.Delay(OutPause, time);
    }

    /// <summary>Asks a silo to stop.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(int slot)
    {
        int code = await this[slot].StopAsync();
        Volatile.Write(ref lives[slot], null);
        return code;
    }

    public async Task KillAsync(int slot)
    {
        await this[slot].KillAsync();
        Volatile.Write(ref lives[slot], null);
    }

    /// <summary>Starts a silo again that may have ended by itself.</summary>
    /// <returns>Whether it had.</returns>
    /// <remarks>One that learns that it was given up takes no calls from then on, and ends when it has drained: until it does either, nobody can say.</remarks>
    public async Task<bool> ReviveAsync(int slot)
    {
        while (!this[slot].HasEnded)
        {
            if (Volatile.Read(ref isReady[slot]))
            {
                return false;
            }

            await Task.Delay(LookPause, time);
        }

        Volatile.Write(ref lives[slot], null);
        await StartAsync(slot);
        return true;
    }

    /// <summary>Ends all and starts as many anew.</summary>
    /// <returns>One of them.</returns>
    public async Task<GatewayLife> ReloadAsync()
    {
        int[] slots = [.. Enumerable.Range(0, Max).Where(slot => lives[slot] is not null)];
        await Task.WhenAll(slots.Select(slot => this[slot].EndAsync()));
        await Task.WhenAll(slots.Select(StartAsync));
        return this[slots[0]];
    }

    /// <summary>The balancer's health checks, until <paramref name="over"/>.</summary>
    public Task BalanceAsync(CancellationToken over) => Task.WhenAll(Enumerable.Range(0, Max).Select(slot => LookAsync(slot, over)));

    public void Dispose()
    {
        foreach (GatewayLife life in Running)
        {
            life.Dispose();
        }

        http.Dispose();
    }

    private async Task LookAsync(int slot, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(LookPause, time, over);
                bool answer = !Volatile.Read(ref isOut[slot]) && Volatile.Read(ref lives[slot]) is { } life && await IsReadyAsync(life, over) && !Volatile.Read(ref isOut[slot]);
                Volatile.Write(ref isReady[slot], answer);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The drill is over.
        }
    }

    private async Task<bool> IsReadyAsync(GatewayLife life, CancellationToken over)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(life.Url, "/health/ready"), over);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !over.IsCancellationRequested))
        {
            return false;
        }
    }

    private Task<GatewayLife> LaunchAsync(int slot, string build)
    {
        string[] arguments =
        [
            "--config", configPath,
            "--data", Directory.CreateDirectory(Path.Combine(folder, $"silo{slot}")).FullName,
            "--urls", $"http://{network.AddressOf(slot)}:0",
            .. places.ArgumentsOf(slot, "drill", network.AddressOf(slot)),
            "--Ledger:LeaseSeconds", $"{options.LeaseSeconds}",
            .. store.GatewayArguments,
        ];
        return GatewayLife.StartAsync(build, network.WrapperOf(slot), arguments, places.Environment, Path.Combine(folder, $"silo{slot}.log"), Interlocked.Increment(ref count));
    }
}
