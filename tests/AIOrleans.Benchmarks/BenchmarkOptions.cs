using System.Globalization;

namespace AIOrleans.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record BenchmarkOptions
{
    public const string Usage = """
        dotnet run -c Release --project tests/AIOrleans.Benchmarks -- [command] [options]
          load        AIOrleans as a process beside a bare forwarder, and nginx and Portkey where they are installed
          soak        one gateway under load: does memory, does a count of handles or threads grow
          scale       what more accounts, longer paths, more quotas, more streams and more silos cost
          profile     what each step of the flow takes
          micro       single steps of a call, by BenchmarkDotNet in this process
          report      writes docs/benchmarks.md from what was measured last
          engine ledger holds translation tokens    parts alone, in this process
          (none)      load, and the parts
        Options
          --seconds 5          of each round
          --rounds 3           each measures all targets in turn
          --only a,b           scenarios of load: saturation, alone, steady, streams, crowd, connections, bodies, keys;
                               of scale: accounts, paths, quotas, streams,
                               silos (one, two and three on PostgreSQL, in the Cluster edition only: -p:Edition=Cluster)
          --accounts 1000,10000,100000,1000000    in the directory, of accounts
          --connections 32     of saturation
          --body 1024          bytes of a request and of its answer
          --streams 5000       concurrent streams of crowd
          --minutes 10         of soak, after its warm-up
          --warm-minutes 2     at least, of soak's warm-up at full speed: until the database is larger than SQLite's cache;
                               without it, a fifth of --minutes
          --results artifacts/benchmarks    where figures are kept
          --smoke              the whole way for a moment: shows that it works, measures nothing
        """;

    public string? Command { get; init; }

    public double Seconds { get; init; } = 5;

    public int Rounds { get; init; } = 3;

    public IReadOnlyList<string> Only { get; init; } = [];

    public IReadOnlyList<int> Accounts { get; init; } = [1_000, 10_000, 100_000, 1_000_000];

    public int Connections { get; init; } = 32;

    public int BodyBytes { get; init; } = 1024;

    public int Streams { get; init; } = 5000;

    public double Minutes { get; init; } = 10;

    /// <summary>Null: <see cref="SoakWarmMinutes"/> goes by <see cref="Minutes"/>.</summary>
    public double? WarmMinutes { get; init; }

    public string Results { get; init; } = Path.Combine("artifacts", "benchmarks");

    public bool IsSmoke { get; init; }

    public TimeSpan Duration => TimeSpan.FromSeconds(Seconds);

    public double SoakWarmMinutes => WarmMinutes ?? Minutes / 5;

    /// <summary>True for a scenario that was asked for, or when none was.</summary>
    public bool Has(string scenario) => Only.Count == 0 || Only.Contains(scenario);

    /// <summary>Reads arguments.</summary>
    /// <exception cref="FormatException">One of them is not understood; the message says which.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchmarkOptions();
        for (int i = 0; i < args.Count; i++)
        {
            string name = args[i];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                options = options.Command is null ? options with { Command = name } : throw new FormatException($"One command at a time, not '{name}' too.");
                continue;
            }

            if (name == "--smoke")
            {
                options = options with { IsSmoke = true, Seconds = 0.1, Rounds = 1, Streams = 50, Minutes = 0.02, Results = Path.Combine(Path.GetTempPath(), $"aiorleans-bench-smoke-{Environment.ProcessId}") };
                continue;
            }

            string value = ++i < args.Count ? args[i] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--seconds" => options with { Seconds = Number(name, value, 0.1, 86_400) },
                "--rounds" => options with { Rounds = (int)Number(name, value, 1, 1000) },
                "--only" => options with { Only = value.Split(',') },
                "--accounts" => options with { Accounts = [.. value.Split(',').Select(count => (int)Number(name, count, 100, 10_000_000))] },
                "--connections" => options with { Connections = (int)Number(name, value, 1, 10_000) },
                "--body" => options with { BodyBytes = (int)Number(name, value, 256, 16_777_216) },
                "--streams" => options with { Streams = (int)Number(name, value, 1, 10_000) },
                "--minutes" => options with { Minutes = Number(name, value, 0.01, 10_000) },
                "--warm-minutes" => options with { WarmMinutes = Number(name, value, 0, 1_000) },
                "--results" => options with { Results = value },
                _ => throw new FormatException($"No option '{name}'."),
            };
        }

        return options;
    }

    private static double Number(string name, string value, double min, double max) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= min && number <= max
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} is a number from {min} to {max}."));
}
