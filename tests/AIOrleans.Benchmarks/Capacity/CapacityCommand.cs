using System.Globalization;

namespace AIOrleans.Benchmarks.Capacity;

/// <summary>The command <c>capacity</c>: silos and databases for a demand, and for the steps on the way to it.</summary>
internal static class CapacityCommand
{
    private const int Done = 0;
    private const int Mistaken = 2;

    /// <summary>Demands that the tables show when none is asked for.</summary>
    private static readonly (long Requests, long Accounts)[] Steps = [(1_000, 10_000), (10_000, 1_000_000), (100_000, 10_000_000), (1_000_000, 100_000_000)];

    private static readonly Dictionary<string, Func<CapacityCosts, long, CapacityCosts>> Options = new(StringComparer.Ordinal)
    {
        ["--request-micros"] = (costs, value) => costs with { RequestMicros = value },
        ["--remote-micros"] = (costs, value) => costs with { RemoteMicros = value },
        ["--record-bytes"] = (costs, value) => costs with { RecordBytes = value },
        ["--active-bytes"] = (costs, value) => costs with { ActiveBytes = value },
        ["--wal-bytes-per-pair"] = (costs, value) => costs with { WalBytesPerPair = value },
        ["--pairs-per-database"] = (costs, value) => costs with { PairsPerDatabase = value },
        ["--pairs-per-account"] = (costs, value) => costs with { PairsPerAccount = value },
        ["--leased-percent"] = (costs, value) => costs with { LeasedPercent = Percent(value) },
        ["--directory-percent"] = (costs, value) => costs with { DirectoryPercent = Percent(value) },
        ["--silo-processors"] = (costs, value) => costs with { SiloProcessors = value },
        ["--silo-memory-gb"] = (costs, value) => costs with { SiloMemoryBytes = value * 1_000_000_000 },
        ["--silos-per-cell"] = (costs, value) => costs with { SilosPerCell = value },
    };

    /// <returns>0; 2 when an option is not understood, and which.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        try
        {
            (IReadOnlyList<CapacityDemand> demands, CapacityCosts costs) = Parse(args);
            Print(demands, costs, output);
            return Done;
        }
        catch (FormatException mistake)
        {
            output.WriteLine(mistake.Message);
            output.WriteLine($"capacity [--requests N --accounts N] [--hot-percent 10] [--active-percent 10] {string.Join(' ', Options.Keys.Select(name => $"[{name} N]"))}");
            return Mistaken;
        }
    }

    private static (IReadOnlyList<CapacityDemand> Demands, CapacityCosts Costs) Parse(IReadOnlyList<string> args)
    {
        var costs = new CapacityCosts();
        long? requests = null;
        long? accounts = null;
        int hotPercent = 10;
        int activePercent = 10;
        for (int i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count || !long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long value) || value > 1_000_000_000)
            {
                throw new FormatException($"{args[i]} needs a whole number up to 1000000000.");
            }

            switch (args[i])
            {
                case "--requests": requests = value; break;
                case "--accounts": accounts = value; break;
                case "--hot-percent": hotPercent = Percent(value); break;
                case "--active-percent": activePercent = Percent(value); break;
                default:
                    costs = Options.TryGetValue(args[i], out Func<CapacityCosts, long, CapacityCosts>? set) && (value > 0 || args[i] == "--leased-percent")
                        ? set(costs, value)
                        : throw new FormatException($"There is no option '{args[i]}', or it cannot be {value}.");
                    break;
            }
        }

        (long Requests, long Accounts)[] asked = requests is null && accounts is null ? Steps : [(requests ?? Steps[^1].Requests, accounts ?? Steps[^1].Accounts)];
        return ([.. asked.Select(step => new CapacityDemand(step.Requests, step.Accounts, hotPercent, activePercent))], costs);
    }

    private static void Print(IReadOnlyList<CapacityDemand> demands, CapacityCosts costs, TextWriter output)
    {
        output.WriteLine("| requests/s | accounts | silos (processor, memory, network) | directory on each silo | databases (commits, log, connections) | hot tenant/s | cells | stored a day | of today's design saturated |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (CapacityDemand demand in demands)
        {
            CapacityPlan plan = CapacityPlan.Of(demand, costs);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {demand.RequestsPerSecond:N0} | {demand.Accounts:N0} | {plan.Silos:N0} ({plan.SilosByProcessor:N0}, {plan.SilosByMemory:N0}, {plan.SilosByNetwork:N0}) "
                + $"| {Gigabytes(plan.DirectoryBytes)} GB | {plan.Databases:N0} ({plan.DatabasesByPairs:N0}, {plan.DatabasesByWal:N0}, {plan.DatabasesByConnections:N0}) "
                + $"| {plan.HotPairsPerSecond:N0} | {plan.Cells:N0} | {Gigabytes(plan.StoredBytesPerDay)} GB | {(plan.Saturated.Count == 0 ? "nothing" : string.Join(", ", plan.Saturated))} |"));
        }
    }

    private static string Gigabytes(long bytes) => (bytes / 1_000_000_000m).ToString("N1", CultureInfo.InvariantCulture);

    private static int Percent(long value) => value is >= 0 and <= 100 ? (int)value : throw new FormatException($"{value} is no percentage.");
}
