namespace AIOrleans.Chaos.Provider;

/// <summary>How the provider ended one request, by its own knowledge.</summary>
internal enum LineEnd
{
    /// <summary>Still at it.</summary>
    Open,

    /// <summary>A clean 429 or 500: nothing was produced, nothing is billed.</summary>
    Refused,

    /// <summary>The whole answer went out.</summary>
    Whole,

    /// <summary>Work was done, and the answer broke off or never came.</summary>
    Broken,
}

/// <summary>Tokens that the provider told the gateway.</summary>
internal readonly record struct ToldUsage(int Prompt, int Cached, int Completion, int Reasoning)
{
    public long Total => Prompt + Completion;
}

/// <summary>One request that the provider received. Written by the provider alone; read when the run is over.</summary>
internal sealed class InvoiceLine(string token, string provider, string model, DateTimeOffset receivedAt)
{
    public string Token => token;

    public string Provider => provider;

    /// <summary>As the provider calls it.</summary>
    public string Model => model;

    public DateTimeOffset ReceivedAt => receivedAt;

    /// <summary>What the gateway did to the provider: which fault, or none.</summary>
    public ProviderFault Fault { get; init; }

    public DateTimeOffset? FirstByteAt { get; set; }

    public DateTimeOffset EndedAt { get; set; }

    /// <summary>Longest pause between two writes.</summary>
    public TimeSpan LongestGap { get; set; }

    public LineEnd End { get; set; }

    /// <summary>Null when the answer carried no usage, or broke off before it.</summary>
    public ToldUsage? Told { get; set; }

    /// <summary>True when the gateway closed the connection first.</summary>
    public bool HungUp { get; set; }
}
