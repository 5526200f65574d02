namespace AIOrleans.Cluster.Tests.Leases;

/// <summary>Three silos that talk over sockets, with or without slices.</summary>
internal interface IMeasuredSilos : IAsyncDisposable
{
    /// <summary>Processor time that they have used so far.</summary>
    TimeSpan ProcessorTime { get; }

    /// <summary>Buys from all of them, with so many callers for so long.</summary>
    /// <returns>Calls that were granted and settled.</returns>
    Task<long> BuyAsync(int callers, TimeSpan time);
}
