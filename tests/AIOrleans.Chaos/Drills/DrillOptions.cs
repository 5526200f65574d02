using System.Globalization;

namespace AIOrleans.Chaos.Drills;

/// <summary>One thing that happens to a cluster, under load.</summary>
internal enum DrillStep
{
    /// <summary>One more silo.</summary>
    Add,

    /// <summary>A silo is asked to stop, and comes back.</summary>
    Stop,

    /// <summary>A silo is killed, and comes back.</summary>
    Kill,

    /// <summary>A silo no longer reaches the others, nor they it.</summary>
    CutSilos,

    /// <summary>A silo no longer reaches the database.</summary>
    CutDatabase,
}

/// <summary>The command line of a drill.</summary>
internal sealed record DrillOptions
{
    public const string Usage = """
        dotnet run -c Release -p:Edition=Cluster --project tests/AIOrleans.Chaos -- drill [options]
          --steps add,stop,kill,cut-silos,cut-database    in this order; cuts need root and Linux: each silo gets a network of its own
          --callers 16                                    concurrent callers, none of which leaves
          --watch-seconds 15                              how long callers go on after each step before it is judged
          --cut-seconds 45                                how long a silo is cut off: longer than its cluster needs to give it up
          --lease-seconds 5                               of holds
          --seed 1                                        of callers
          --keep                                          leaves the folder with the logs
        """;

    private static readonly Dictionary<string, DrillStep> Names = new()
    {
        ["add"] = DrillStep.Add,
        ["stop"] = DrillStep.Stop,
        ["kill"] = DrillStep.Kill,
        ["cut-silos"] = DrillStep.CutSilos,
        ["cut-database"] = DrillStep.CutDatabase,
    };

    public IReadOnlyList<DrillStep> Steps { get; init; } = [.. Names.Values];

    public int Callers { get; init; } = 16;

    public int WatchSeconds { get; init; } = 15;

    public int CutSeconds { get; init; } = 45;

    public int LeaseSeconds { get; init; } = 5;

    public int Seed { get; init; } = 1;

    public bool Keep { get; init; }

    /// <summary>True when some step needs networks that can be cut.</summary>
    public bool Cuts => Steps.Any(step => step is DrillStep.CutSilos or DrillStep.CutDatabase);

    /// <summary>Reads arguments.</summary>
    /// <exception cref="FormatException">One of them is not understood; the message says which.</exception>
    public static DrillOptions Parse(IReadOnlyList<string> args)
    {
        var options = new DrillOptions();
        for (int i = 0; i < args.Count; i++)
        {
            string name = args[i];
            if (name == "--keep")
            {
                options = options with { Keep = true };
                continue;
            }

            string value = ++i < args.Count ? args[i] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--steps" => options with { Steps = [.. value.Split(',').Select(StepOf)] },
                "--callers" => options with { Callers = Number(name, value, 1, 1_000) },
                "--watch-seconds" => options with { WatchSeconds = Number(name, value, 1, 600) },
                "--cut-seconds" => options with { CutSeconds = Number(name, value, 1, 600) },
                "--lease-seconds" => options with { LeaseSeconds = Number(name, value, 5, 600) },
                "--seed" => options with { Seed = Number(name, value, 0, int.MaxValue) },
                _ => throw new FormatException($"A drill has no option '{name}'."),
            };
        }

        return options;
    }

    public static string NameOf(DrillStep step) => Names.First(entry => entry.Value == step).Key;

    private static DrillStep StepOf(string name) =>
        Names.TryGetValue(name, out DrillStep step) ? step : throw new FormatException($"No step '{name}'; there are {string.Join(", ", Names.Keys)}.");

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new FormatException($"{name} is a number from {min} to {max}.");
}
