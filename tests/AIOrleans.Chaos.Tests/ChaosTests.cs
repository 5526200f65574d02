using System.Globalization;
using System.Text.RegularExpressions;

namespace AIOrleans.Chaos.Tests;

/// <summary>The test of the test: some seconds of chaos are clean, and whatever is broken on purpose is noticed. The gateway is a process of its own here too.</summary>
public sealed partial class ChaosTests
{
#if CLUSTER
    private const string Storage = "postgresql";
#else
    private const string Storage = "sqlite";
#endif

    [StorageFact(Storage)]
    public async Task Ends_clean_when_nothing_is_broken()
    {
        Outcome outcome = await RunAsync("--seconds", "6", "--storage", Storage);

        Assert.True(outcome.ExitCode == 0, outcome.Output);
        Assert.True(outcome is { Overspend: 0, Lost: 0, Phantom: 0 }, outcome.Output);
        Assert.True(outcome is { Requests: > 0, Kills: > 0 }, outcome.Output);
    }

    [LongStorageFact(Storage)]
    public async Task Ends_clean_when_gateways_freeze_for_longer_than_a_lease()
    {
        Outcome outcome = await RunAsync("--seconds", "8", "--kill-every", "0", "--freeze-every", "4", "--storage", Storage);

        Assert.True(outcome is { ExitCode: 0, Requests: > 0 }, outcome.Output);
    }

    [LongStorageFact("postgresql")]
    public async Task Ends_clean_when_the_database_crashes()
    {
        Outcome outcome = await RunAsync("--seconds", "10", "--outage-every", "4", "--storage", "postgresql");

        Assert.True(outcome is { ExitCode: 0, Kills: > 0 }, outcome.Output);
    }

    [LongStorageTheory(Storage)]
    [InlineData("lost-events")]
    [InlineData("windows")]
    [InlineData("holds")]
    public async Task Notices_what_is_lost(string sabotage)
    {
        Outcome outcome = await RunAsync("--seconds", "6", "--storage", Storage, "--break", sabotage);

        Assert.True(outcome is { ExitCode: 1, Lost: > 0 }, outcome.Output);
    }

    [LongStorageTheory(Storage)]
    [InlineData("doubled-events")]
    [InlineData("cost")]
    [InlineData("invoice")]
    public async Task Notices_what_nobody_got(string sabotage)
    {
        Outcome outcome = await RunAsync("--seconds", "6", "--storage", Storage, "--break", sabotage);

        Assert.True(outcome is { ExitCode: 1, Phantom: > 0 }, outcome.Output);
    }

    [LongStorageFact("postgresql")]
    public async Task Two_gateways_on_one_database_overspend_nothing()
    {
        Outcome outcome = await RunAsync("--seconds", "10", "--callers", "64", "--storage", "postgresql", "--silos", "2");

        Assert.True(outcome is { ExitCode: 0, Overspend: 0 }, outcome.Output);
    }

    [LongStorageFact("postgresql")]
    public async Task Two_gateways_overspend_when_nothing_fences_them()
    {
        Outcome outcome = await RunAsync("--seconds", "10", "--callers", "64", "--storage", "postgresql", "--break", "fencing");

        Assert.True(outcome is { ExitCode: 1, Overspend: > 0 }, outcome.Output);
    }

    [Theory]
    [InlineData("--secs", "5")]
    [InlineData("--seconds", "soon")]
    [InlineData("--break", "everything")]
    [InlineData("--silos", "2")]
    public async Task Refuses_what_it_does_not_understand(params string[] args)
    {
        using var output = new StringWriter();

        Assert.Equal(2, await Program.RunAsync(args, output));
        Assert.Contains("--callers", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<Outcome> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        int exitCode = await Program.RunAsync(["--callers", "16", "--kill-every", "3", .. args], output);
        string text = output.ToString();
        Match last = LastLine().Match(text);
        Assert.True(last.Success, text);
        int Number(string name) => int.Parse(last.Groups[name].Value, CultureInfo.InvariantCulture);
        return new Outcome(exitCode, Number("requests"), Number("kills"), Number("overspend"), Number("lost"), Number("phantom"), text);
    }

    [GeneratedRegex(@"^requests=(?<requests>\d+) kills=(?<kills>\d+) overspend=(?<overspend>\d+) lost=(?<lost>\d+) phantom=(?<phantom>\d+) estimated=\d+\s*\z", RegexOptions.Multiline)]
    private static partial Regex LastLine();

    private sealed record Outcome(int ExitCode, int Requests, int Kills, int Overspend, int Lost, int Phantom, string Output);
}
