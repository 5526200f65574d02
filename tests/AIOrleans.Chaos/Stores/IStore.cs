using System.Data.Common;

namespace AIOrleans.Chaos.Stores;

/// <summary>The database of a run.</summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>What tells the gateway to use it.</summary>
    IReadOnlyList<string> GatewayArguments { get; }

    /// <summary>A connection of this program's own, to break things behind the gateway's back.</summary>
    Task<DbConnection> ConnectAsync();

    /// <summary>Ends the database as a crash does, for so long.</summary>
    Task CrashAsync(TimeSpan downtime);
}
