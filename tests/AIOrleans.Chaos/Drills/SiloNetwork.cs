using System.Diagnostics;

namespace AIOrleans.Chaos.Drills;

/// <summary>Addresses of silos, callers and database on this machine, and what cuts them from each other.</summary>
/// <remarks>On Linux with root each silo gets a network namespace on one bridge, and a cut is a route into nowhere, at both ends: nobody is told that the other is gone.</remarks>
internal sealed class SiloNetwork : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";
    private const int FirstSiloHost = 11;

    private readonly string name = $"aio{Environment.ProcessId}";
    private readonly string? prefix;
    private readonly int silos;

    private SiloNetwork(int silos, bool canCut)
    {
        this.silos = silos;
        prefix = canCut ? $"10.77.{Environment.ProcessId % 250}" : null;
    }

    /// <summary>Why silos cannot have networks of their own here; null: they can.</summary>
    public static string? MissingReason =>
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "Networks are cut on Linux, as root." : null;

    /// <summary>Where the provider listens, and callers come from.</summary>
    public string Outside => prefix is null ? Loopback : $"{prefix}.1";

    /// <summary>Where the database listens: an address of its own, so that it can be cut off alone.</summary>
    public string Database => prefix is null ? Loopback : $"{prefix}.2";

    public static async Task<SiloNetwork> MakeAsync(int silos, bool canCut)
    {
        var network = new SiloNetwork(silos, canCut);
        if (canCut)
        {
            await network.MakeAsync();
        }

        return network;
    }

    public string AddressOf(int slot) => prefix is null ? Loopback : $"{prefix}.{FirstSiloHost + slot}";

    /// <summary>What a silo's command line begins with.</summary>
    public IReadOnlyList<string> WrapperOf(int slot) => prefix is null ? [] : ["ip", "netns", "exec", Namespace(slot)];

    /// <summary>Cuts a silo from the other silos.</summary>
    public Task CutSilosAsync(int slot) => RouteToOthersAsync(slot, "add");

    public Task HealSilosAsync(int slot) => RouteToOthersAsync(slot, "del");

    /// <summary>Cuts a silo from the database.</summary>
    public Task CutDatabaseAsync(int slot) => RouteAsync(slot, "add", Database);

    public Task HealDatabaseAsync(int slot) => RouteAsync(slot, "del", Database);

    public async ValueTask DisposeAsync()
    {
        if (prefix is null)
        {
            return;
        }

        for (int slot = 0; slot < silos; slot++)
        {
            await IpAsync("netns", "del", Namespace(slot));
        }

        await IpAsync("link", "del", name);
    }

    private string Namespace(int slot) => $"{name}s{slot}";

    private async Task MakeAsync()
    {
        await IpAsync("link", "add", name, "type", "bridge");
        await IpAsync("addr", "add", $"{Outside}/24", "dev", name);
        await IpAsync("addr", "add", $"{Database}/24", "dev", name);
        await IpAsync("link", "set", name, "up");
        for (int slot = 0; slot < silos; slot++)
        {
            string own = Namespace(slot);
            await IpAsync("netns", "add", own);
            await IpAsync("link", "add", $"{name}v{slot}", "type", "veth", "peer", "name", "eth0", "netns", own);
            await IpAsync("link", "set", $"{name}v{slot}", "master", name, "up");
            await IpAsync("-n", own, "addr", "add", $"{AddressOf(slot)}/24", "dev", "eth0");
            await IpAsync("-n", own, "link", "set", "eth0", "up");
            await IpAsync("-n", own, "link", "set", "lo", "up");
        }
    }

    private async Task RouteToOthersAsync(int slot, string verb)
    {
        foreach (int other in Enumerable.Range(0, silos).Where(other => other != slot))
        {
            await RouteAsync(slot, verb, AddressOf(other));
            await RouteAsync(other, verb, AddressOf(slot));
        }
    }

    private Task RouteAsync(int slot, string verb, string address) => IpAsync("-n", Namespace(slot), "route", verb, "blackhole", $"{address}/32");

    private static async Task IpAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { UseShellExecute = false, RedirectStandardError = true })
            ?? throw new InvalidOperationException("There is no 'ip' (package iproute2).");
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {said.Trim()}");
        }
    }
}
