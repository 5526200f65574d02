namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>What a record of the log does to the tables. The values follow in the order of the statement that it becomes.</summary>
internal enum LogRecord : byte
{
    /// <summary>Opens a hold, unless it is known.</summary>
    Hold = 1,

    /// <summary>Ends the hold of the one value, an id.</summary>
    Settle = 2,

    /// <summary>Adds a usage event.</summary>
    Event = 3,

    /// <summary>Saves the levels of an account's buckets, unless newer ones are known.</summary>
    Bucket = 4,
}

/// <summary>What precedes a value of a record.</summary>
internal enum LogValue : byte
{
    Null = 0,

    /// <summary>Zigzag, then seven bits a byte, lowest first.</summary>
    Number = 1,

    /// <summary>Its length in bytes, then UTF-8.</summary>
    Text = 2,

    /// <summary>16 bytes, big-endian.</summary>
    Id = 3,
}
