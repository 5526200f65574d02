using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>A start that cannot be says why in words, without a stack, and exits with a code that scripts can tell apart.</summary>
public sealed class RefusedStartTests
{
    private const int CannotStart = 1;
    private const int BadConfiguration = 2;

    [Fact]
    public async Task Five_mistakes_in_the_configuration_are_all_told()
    {
        using var folder = new TempFolder();
        string config = folder.Write("config.jsonc", SimulatedConfig.Json()
            .Replace("\"kind\": \"simulated\" }", "\"kind\": \"simulatd\" }", StringComparison.Ordinal)
            .Replace("\"tokensPerSecond\": 20", "\"tokensPerSecond\": \"fast\"", StringComparison.Ordinal)
            .Replace("\"provider\": \"endless\"", "\"provider\": \"nobody\"", StringComparison.Ordinal)
            .Replace("\"requestBurst\": 1", "\"requestBurst\": -1", StringComparison.Ordinal)
            .Replace("\"admins\"", "\"admin\"", StringComparison.Ordinal));

        Ending ending = await GatewayProcess.RunAsync("--config", config, "--data", folder.Data, "--urls", "http://127.0.0.1:0");

        Assert.Equal(BadConfiguration, ending.ExitCode);
        Assert.Contains("has 5 mistakes", ending.Errors, StringComparison.Ordinal);
        Assert.Contains("$.providers[0].kind", ending.Errors, StringComparison.Ordinal);
        Assert.Contains("$.providers[1].simulation.tokensPerSecond", ending.Errors, StringComparison.Ordinal);
        Assert.Contains("$.models[2].routes[0].provider", ending.Errors, StringComparison.Ordinal);
        Assert.Contains("$.tenants[0].orgs[0].teams[0].keys[1].limits.requestBurst", ending.Errors, StringComparison.Ordinal);
        Assert.Contains("'admins'", ending.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(TestConfig.Key, ending.Errors + ending.Output, StringComparison.Ordinal);
        AssertNoStack(ending);
    }

    [Fact]
    public async Task A_missing_configuration_is_named()
    {
        using var folder = new TempFolder();

        Ending ending = await GatewayProcess.RunAsync("--config", Path.Combine(folder.Path, "missing.jsonc"), "--data", folder.Data, "--urls", "http://127.0.0.1:0");

        Assert.Equal(BadConfiguration, ending.ExitCode);
        Assert.Contains("missing.jsonc", ending.Errors, StringComparison.Ordinal);
        AssertNoStack(ending);
    }

    [Fact]
    public async Task Mistaken_options_are_all_told_whoever_reads_them()
    {
        using var folder = new TempFolder();

        Ending ending = await GatewayProcess.RunAsync("--data", folder.Data, "--Gateway:DrainSeconds", "9999", "--Ledger:LeaseSeconds", "1");

        Assert.Equal(BadConfiguration, ending.ExitCode);
        Assert.Contains("DrainSeconds", ending.Errors, StringComparison.Ordinal);
        Assert.Contains("LeaseSeconds", ending.Errors, StringComparison.Ordinal);
        AssertNoStack(ending);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        Ending ending = await GatewayProcess.RunAsync("--data", folder.Data, "--urls", $"http://{other.LocalEndpoint}");

        Assert.Equal(CannotStart, ending.ExitCode);
        Assert.Contains($"http://{other.LocalEndpoint}: address already in use", ending.Errors, StringComparison.Ordinal);
        AssertNoStack(ending);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named()
    {
        using var folder = new TempFolder();

        Ending ending = await GatewayProcess.RunAsync("--data", folder.Data, "--urls", "nonsense");

        Assert.Equal(CannotStart, ending.ExitCode);
        Assert.Contains("nonsense", ending.Errors, StringComparison.Ordinal);
        AssertNoStack(ending);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_named_with_what_to_do()
    {
        using var folder = new TempFolder();
        string inTheWay = folder.Write("file", "");

        Ending ending = await GatewayProcess.RunAsync("--data", Path.Combine(inTheWay, "data"), "--urls", "http://127.0.0.1:0");

        Assert.Equal(CannotStart, ending.ExitCode);
        Assert.Contains(inTheWay, ending.Errors, StringComparison.Ordinal);
        Assert.Contains("--data", ending.Errors, StringComparison.Ordinal);
        AssertNoStack(ending);
    }

    [UnprivilegedFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_data_folder_without_rights_is_named()
    {
        using var folder = new TempFolder();
        System.IO.Directory.CreateDirectory(folder.Data, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Ending ending = await GatewayProcess.RunAsync("--data", folder.Data, "--urls", "http://127.0.0.1:0");

        Assert.Equal(CannotStart, ending.ExitCode);
        Assert.Contains(folder.Data, ending.Errors, StringComparison.Ordinal);
        AssertNoStack(ending);
    }

    [Fact]
    public async Task A_word_that_means_nothing_is_refused_instead_of_ignored()
    {
        Ending ending = await GatewayProcess.RunAsync("demos");

        Assert.Equal(BadConfiguration, ending.ExitCode);
        Assert.Contains("'demos'", ending.Errors, StringComparison.Ordinal);
    }

    private static void AssertNoStack(Ending ending) => Assert.DoesNotContain("   at ", ending.Errors + ending.Output, StringComparison.Ordinal);
}
