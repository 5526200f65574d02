using System.Globalization;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Drills;

/// <summary>One thing that happens to a cluster, under load.</summary>
internal enum DrillStep
{
    /// <summary>One more silo.</summary>
    Add,

    /// <summary>Keys are revoked, one after the other, and tried on the other silos.</summary>
    Revoke,

    /// <summary>A silo is asked to stop, and comes back.</summary>
    Stop,

    /// <summary>A silo is killed, and comes back.</summary>
    Kill,

    /// <summary>Of an upgrade: a silo of the new build is killed while older ones live, and comes back.</summary>
    KillNew,

    /// <summary>A silo no longer reaches the others, nor they it.</summary>
    CutSilos,

    /// <summary>A silo no longer reaches the database.</summary>
    CutDatabase,

    /// <summary>One silo of the older build is asked to stop, and comes back as the new one.</summary>
    UpgradeOne,

    /// <summary>All silos of the older build that are left, one after the other.</summary>
    Upgrade,
}

/// <summary>The command line of a drill.</summary>
internal sealed record DrillOptions
{
    public const string Usage = """
        dotnet run -c Release -p:Edition=Cluster --project tests/AIOrleans.Chaos -- drill [options]
          --steps add,revoke,stop,kill,cut-silos,cut-database
                                                          in this order; cuts need root and Linux: each silo gets a network of its own
          --from FOLDER                                   of an older AIOrleans.Host.dll, published with -p:Edition=Cluster: silos start from it, until the steps
                                                          upgrade-one and upgrade replace one, or all that are left, by this build,
                                                          and kill-new kills one of this build; without --steps: add,upgrade-one,kill,kill-new,upgrade
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
        ["revoke"] = DrillStep.Revoke,
        ["stop"] = DrillStep.Stop,
        ["kill"] = DrillStep.Kill,
        ["kill-new"] = DrillStep.KillNew,
        ["cut-silos"] = DrillStep.CutSilos,
        ["cut-database"] = DrillStep.CutDatabase,
        ["upgrade-one"] = DrillStep.UpgradeOne,
        ["upgrade"] = DrillStep.Upgrade,
    };

    private static readonly DrillStep[] Usual =
        [DrillStep.Add, DrillStep.Revoke, DrillStep.Stop, DrillStep.Kill, DrillStep.CutSilos, DrillStep.CutDatabase];

    private static readonly DrillStep[] Upgrading = [DrillStep.Add, DrillStep.UpgradeOne, DrillStep.Kill, DrillStep.KillNew, DrillStep.Upgrade];

    public IReadOnlyList<DrillStep> Steps { get; init; } = [];

    /// <summary>Folder of the older build; null: there is only this one.</summary>
    public string? From { get; init; }

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
                "--from" => options with { From = FolderOf(value) },
                "--callers" => options with { Callers = Number(name, value, 1, 1_000) },
                "--watch-seconds" => options with { WatchSeconds = Number(name, value, 1, 600) },
                "--cut-seconds" => options with { CutSeconds = Number(name, value, 1, 600) },
                "--lease-seconds" => options with { LeaseSeconds = Number(name, value, 5, 600) },
                "--seed" => options with { Seed = Number(name, value, 0, int.MaxValue) },
                _ => throw new FormatException($"A drill has no option '{name}'."),
            };
        }

        return options.Checked();
    }

    public static string NameOf(DrillStep step) => Names.First(entry => entry.Value == step).Key;

    private DrillOptions Checked()
    {
        bool isUpgrade = Steps.Any(step => step is DrillStep.UpgradeOne or DrillStep.Upgrade);
        return Steps.Count == 0 ? this with { Steps = From is null ? Usual : Upgrading }
            : isUpgrade && From is null ? throw new FormatException("upgrade-one and upgrade need --from: a folder with an older AIOrleans.Host.dll.")
            : !isUpgrade && From is not null ? throw new FormatException("--from needs a step upgrade-one or upgrade.")
            : this;
    }

    private static string FolderOf(string value) =>
        File.Exists(Path.Combine(value, GatewayLife.ProgramName)) ? Path.GetFullPath(value) : throw new FormatException($"There is no {GatewayLife.ProgramName} in '{value}'.");

    private static DrillStep StepOf(string name) =>
        Names.TryGetValue(name, out DrillStep step) ? step : throw new FormatException($"No step '{name}'; there are {string.Join(", ", Names.Keys)}.");

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new FormatException($"{name} is a number from {min} to {max}.");
}
