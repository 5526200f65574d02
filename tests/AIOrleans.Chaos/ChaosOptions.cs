using System.Globalization;

namespace AIOrleans.Chaos;

/// <summary>What is broken on purpose: each must make the run fail, or the proof proves nothing.</summary>
internal enum Sabotage
{
    None,

    /// <summary>Usage events vanish from the database while the gateway is down.</summary>
    LostEvents,

    /// <summary>Usage events are there twice.</summary>
    DoubledEvents,

    /// <summary>Counters in the database forget half of what was used.</summary>
    Windows,

    /// <summary>Open holds vanish while the gateway is down: calls that were made are never charged.</summary>
    Holds,

    /// <summary>One event costs a nano-dollar more than its tokens.</summary>
    Cost,

    /// <summary>The provider's invoice tells fewer tokens than its answers did.</summary>
    Invoice,

    /// <summary>Epochs stand still, so that two activations of one account both grant.</summary>
    Fencing,
}

/// <summary>The command line.</summary>
internal sealed record ChaosOptions
{
    public const string Usage = """
        dotnet run -c Release --project tests/AIOrleans.Chaos -- [options]
          --seconds 60         how long callers call
          --callers 64         concurrent callers
          --kill-every 5       seconds between two kill -9; 0: never
          --freeze-every 0     seconds between two freezes of a gateway, each longer than a lease; 0: never
          --outage-every 0     seconds between two crashes of the database (postgresql); 0: never
          --storage sqlite     or postgresql: a throw-away server of its own
          --silos 1            gateways on one database; more than one needs postgresql
          --seed 1             of callers, aborts and faults
          --lease-seconds 5    of holds
          --keep               leaves the folder with database and logs
          --break none         lost-events, doubled-events, windows, holds, cost, invoice, fencing: must fail
        """;

    public int Seconds { get; init; } = 60;

    public int Callers { get; init; } = 64;

    public int KillEverySeconds { get; init; } = 5;

    public int FreezeEverySeconds { get; init; }

    public int OutageEverySeconds { get; init; }

    public bool IsPostgres { get; init; }

    public int Silos { get; init; } = 1;

    public int Seed { get; init; } = 1;

    public int LeaseSeconds { get; init; } = 5;

    public bool Keep { get; init; }

    public Sabotage Break { get; init; }

    /// <summary>Reads arguments.</summary>
    /// <exception cref="FormatException">One of them is not understood; the message says which.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ChaosOptions();
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
                "--seconds" => options with { Seconds = Number(name, value, 1, 86_400) },
                "--callers" => options with { Callers = Number(name, value, 1, 10_000) },
                "--kill-every" => options with { KillEverySeconds = Number(name, value, 0, 3600) },
                "--freeze-every" => options with { FreezeEverySeconds = Number(name, value, 0, 3600) },
                "--outage-every" => options with { OutageEverySeconds = Number(name, value, 0, 3600) },
                "--silos" => options with { Silos = Number(name, value, 1, 8) },
                "--seed" => options with { Seed = Number(name, value, 0, int.MaxValue) },
                "--lease-seconds" => options with { LeaseSeconds = Number(name, value, 5, 600) },
                "--storage" => options with { IsPostgres = value == "postgresql" || (value == "sqlite" ? false : throw new FormatException($"No storage '{value}'.")) },
                "--break" => options with { Break = SabotageOf(value) },
                _ => throw new FormatException($"No option '{name}'."),
            };
        }

        return options.Checked();
    }

    private ChaosOptions Checked()
    {
        // Only where two gateways own every account does everything hang on the fence.
        ChaosOptions options = Break == Sabotage.Fencing && Silos == 1 ? this with { Silos = 2 } : this;
        return (options.Silos > 1 || options.OutageEverySeconds > 0) && !options.IsPostgres
            ? throw new FormatException("Several gateways, --break fencing and --outage-every need --storage postgresql.")
            : options;
    }

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new FormatException($"{name} is a number from {min} to {max}.");

    private static Sabotage SabotageOf(string value) =>
        Enum.TryParse(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out Sabotage sabotage)
            ? sabotage
            : throw new FormatException($"Nothing called '{value}' can be broken.");
}
