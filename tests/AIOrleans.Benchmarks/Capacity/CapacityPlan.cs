namespace AIOrleans.Benchmarks.Capacity;

/// <summary>What an installation must have for a demand, and which bound it hits first. Pure arithmetic on whole numbers; everything is rounded up.</summary>
internal sealed record CapacityPlan
{
    private const long Million = 1_000_000;

    /// <summary>A silo for which the others must have room while it is away.</summary>
    private const long Spare = 1;

    private CapacityPlan()
    {
    }

    /// <summary>By what each resource asks for.</summary>
    public required long SilosByProcessor { get; init; }

    public required long SilosByMemory { get; init; }

    public required long SilosByNetwork { get; init; }

    /// <summary>Of each silo, by its part of the directory alone.</summary>
    public required long DirectoryBytes { get; init; }

    public required bool DirectoryFits { get; init; }

    public required long DatabasesByPairs { get; init; }

    public required long DatabasesByWal { get; init; }

    public required long DatabasesByConnections { get; init; }

    public required long HotPairsPerSecond { get; init; }

    /// <summary>Accounts that the busiest tenant's own account would have to be, were it split.</summary>
    public required long HotAccounts { get; init; }

    public required long Cells { get; init; }

    public required long StoredBytesPerDay { get; init; }

    public long Silos => Math.Max(Math.Max(SilosByProcessor, SilosByMemory), SilosByNetwork) + Spare;

    public long Databases => Math.Max(Math.Max(DatabasesByPairs, DatabasesByWal), DatabasesByConnections);

    /// <summary>What the design of today, one database and the whole directory on each silo of one cluster, cannot give; empty: it can.</summary>
    public IReadOnlyList<string> Saturated =>
    [
        .. new (bool Is, string Name)[]
        {
            (DatabasesByPairs > 1, "ledger commits"),
            (DatabasesByWal > 1, "ledger log"),
            (DatabasesByConnections > 1, "connections"),
            (HotAccounts > 1, "hot tenant"),
            (!DirectoryFits, "directory"),
            (Cells > 1, "membership"),
        }.Where(bound => bound.Is).Select(bound => bound.Name),
    ];

    /// <summary>Reckons what <paramref name="demand"/> needs.</summary>
    public static CapacityPlan Of(CapacityDemand demand, CapacityCosts costs)
    {
        long records = Up(demand.Accounts * costs.DirectoryPercent, 100);
        long directoryBytes = records * costs.RecordBytes;
        long room = (costs.SiloMemoryBytes * costs.MemoryPercent / 100) - directoryBytes;
        bool fits = room > 0;

        // A directory that leaves no room for accounts is a bound of its own; accounts are then reckoned without it.
        long memory = fits ? room : costs.SiloMemoryBytes * costs.MemoryPercent / 100;
        long byMemory = Up(Up(demand.Accounts * demand.ActivePercent, 100) * costs.ActiveBytes, memory);
        long byProcessor = ByProcessor(demand.RequestsPerSecond, costs);
        long bytesPerRequest = (2 * costs.CallBytes) + (2 * costs.MessagesPerRequest * costs.MessageBytes);
        long byNetwork = Up(demand.RequestsPerSecond * bytesPerRequest, costs.SiloNetworkBytesPerSecond * costs.BusyPercent / 100);
        long silos = Math.Max(Math.Max(byProcessor, byMemory), byNetwork) + Spare;
        long hot = demand.RequestsPerSecond * demand.HotPercent / 100;
        return new CapacityPlan
        {
            SilosByProcessor = byProcessor,
            SilosByMemory = byMemory,
            SilosByNetwork = byNetwork,
            DirectoryBytes = directoryBytes,
            DirectoryFits = fits,
            DatabasesByPairs = Up(demand.RequestsPerSecond, costs.PairsPerDatabase),
            DatabasesByWal = Up(demand.RequestsPerSecond * costs.WalBytesPerPair, costs.WalBytesPerSecond),
            DatabasesByConnections = Up(silos * costs.ConnectionsPerSilo, costs.ConnectionsPerDatabase),
            HotPairsPerSecond = hot,
            HotAccounts = Up(Up(hot * (100 - costs.LeasedPercent), 100), costs.PairsPerAccount),
            Cells = Up(silos, costs.SilosPerCell),
            StoredBytesPerDay = demand.RequestsPerSecond * 86_400 * costs.StoredBytesPerPair,
        };
    }

    /// <summary>The more silos there are, the more accounts live on another one: the least number that carries its own messages.</summary>
    private static long ByProcessor(long requestsPerSecond, CapacityCosts costs)
    {
        long micros = costs.SiloProcessors * Million * costs.BusyPercent / 100;
        long silos = Math.Max(1, Up(requestsPerSecond * costs.RequestMicros, micros));
        while (silos * micros < requestsPerSecond * (costs.RequestMicros + (costs.MessagesPerRequest * costs.RemoteMicros * (silos - 1) / silos)))
        {
            silos++;
        }

        return silos;
    }

    private static long Up(long amount, long unit) => amount == 0 ? 0 : ((amount - 1) / unit) + 1;
}
