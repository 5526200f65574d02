namespace AIOrleans.Benchmarks.Capacity;

/// <summary>What requests and accounts cost, and what machines offer. Defaults are of docs/scale.md, which says of each whether it was measured or is assumed.</summary>
internal sealed record CapacityCosts
{
    /// <summary>Processor time of one short call through the whole gateway, in microseconds, all accounts on its silo.</summary>
    public long RequestMicros { get; init; } = 500;

    /// <summary>Processor time of one message to an account on another silo and its answer, in microseconds, both silos together.</summary>
    public long RemoteMicros { get; init; } = 60;

    /// <summary>Messages to accounts of one request: each account of its path holds and settles.</summary>
    public long MessagesPerRequest { get; init; } = 12;

    /// <summary>Bytes that one message and its answer put on the network.</summary>
    public long MessageBytes { get; init; } = 1_000;

    /// <summary>Bytes of a request and its answer, both ways through the gateway: counted twice, from the client and to the provider.</summary>
    public long CallBytes { get; init; } = 20_000;

    /// <summary>Bytes in memory of one record of the directory, on each silo.</summary>
    public long RecordBytes { get; init; } = 1_500;

    /// <summary>Bytes in memory of one account that is active, on one silo.</summary>
    public long ActiveBytes { get; init; } = 10_000;

    /// <summary>Bytes of write-ahead log of one hold with its settlement.</summary>
    public long WalBytesPerPair { get; init; } = 6_000;

    /// <summary>Bytes that stay in the database of one request, indexes included.</summary>
    public long StoredBytesPerPair { get; init; } = 660;

    /// <summary>Holds with their settlements that one database commits each second.</summary>
    public long PairsPerDatabase { get; init; } = 20_000;

    /// <summary>Holds with their settlements that one account decides each second, one after the other.</summary>
    public long PairsPerAccount { get; init; } = 5_000;

    /// <summary>Of a hundred calls of a hot account, those that silos admit from slices without asking it. 0: leases are off.</summary>
    public int LeasedPercent { get; init; }

    public long SiloProcessors { get; init; } = 16;

    /// <summary>How busy processors may be: the rest is for peaks and for silos that are away.</summary>
    public int BusyPercent { get; init; } = 60;

    public long SiloMemoryBytes { get; init; } = 64_000_000_000;

    /// <summary>Of a silo's memory, what directory and accounts may take: the rest is for calls in flight.</summary>
    public int MemoryPercent { get; init; } = 50;

    public long SiloNetworkBytesPerSecond { get; init; } = 1_250_000_000;

    public long WalBytesPerSecond { get; init; } = 300_000_000;

    /// <summary>Connections of one silo to each database that it uses.</summary>
    public long ConnectionsPerSilo { get; init; } = 12;

    public long ConnectionsPerDatabase { get; init; } = 2_000;

    /// <summary>Silos that one table of members and one probing circle are good for.</summary>
    public long SilosPerCell { get; init; } = 100;

    /// <summary>Of the directory, what one silo keeps. 100 today: everything, everywhere.</summary>
    public int DirectoryPercent { get; init; } = 100;
}
