namespace AIOrleans.Benchmarks.Load;

/// <summary>What the generator is to do once. Travels to its process as a line of JSON.</summary>
public sealed record LoadPlan
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Of the same host: connections take turns with all ports.</summary>
    public IReadOnlyList<int> MorePorts { get; init; } = [];

    public string Path { get; init; } = "/v1/chat/completions";

    /// <summary>Lines of the request head besides the usual ones, without line ends.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>API keys that calls take turns with.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Share of the calls that carry the first key, whatever the turn; 0 spreads them evenly.</summary>
    public double HotShare { get; init; }

    /// <summary>Calls once with each key, in turn, whatever the time.</summary>
    public bool EachKeyOnce { get; init; }

    public int Connections { get; init; } = 1;

    public int BodyBytes { get; init; } = 1024;

    public int AnswerBytes { get; init; } = 1024;

    /// <summary>Events of a streamed answer; 0 asks for a plain one.</summary>
    public int Events { get; init; }

    /// <summary>Pause of the provider before each event.</summary>
    public int GapMs { get; init; }

    /// <summary>Calls that begin each second, whether or not the ones before have ended; 0: each connection sends as soon as it has its answer.</summary>
    public double RatePerSecond { get; init; }

    public double Seconds { get; init; } = 5;

    /// <summary>Each connection makes so many calls, and then ends, whatever the time; 0: until the time is up.</summary>
    public int CallsPerConnection { get; init; }

    /// <summary>Where a connection goes.</summary>
    public int PortOf(int connection) => connection % (MorePorts.Count + 1) is > 0 and int other ? MorePorts[other - 1] : Port;
}

/// <summary>What the generator got.</summary>
public sealed record LoadResult
{
    public long Calls { get; init; }

    /// <summary>Calls without a right answer.</summary>
    public long Wrong { get; init; }

    /// <summary>What was wrong with the first of them.</summary>
    public string? FirstWrong { get; init; }

    public double Seconds { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long Events { get; init; }

    /// <summary>From when a call was to be sent to its last byte.</summary>
    public long[][] Latency { get; init; } = [];

    /// <summary>From when a call was to be sent to its first byte.</summary>
    public long[][] FirstByte { get; init; } = [];

    /// <summary>From when a call was to be sent until it was: how long it waited for a connection.</summary>
    public long[][] Late { get; init; } = [];

    /// <summary>From when the provider wrote the first event of a stream to its arrival.</summary>
    public long[][] FirstEvent { get; init; } = [];

    /// <summary>Likewise of every event.</summary>
    public long[][] EachEvent { get; init; } = [];

    public double PerSecond => Calls / Seconds;
}
