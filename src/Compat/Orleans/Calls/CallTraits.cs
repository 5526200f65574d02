namespace Orleans.Compat.Calls;

/// <summary>What a method's marks say about the way its calls are run.</summary>
[Flags]
internal enum CallTraits
{
    None = 0,

    /// <summary>Runs beside other read-only calls.</summary>
    ReadOnly = 1,

    /// <summary>Starts whatever else is waiting or running.</summary>
    Interleave = 2,

    /// <summary>Nobody waits for the outcome.</summary>
    OneWay = 4,

    /// <summary>Does not count as use: a timer's tick would otherwise keep its grain alive for ever.</summary>
    NoKeepAlive = 8,
}
