using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Ports;

/// <summary>Reads the ledger whole, to recompute it; never on the path of a request.</summary>
public interface IBillReads
{
    /// <summary>Gives a check all events and stored sums of <paramref name="query"/>, as they were at one moment.</summary>
    /// <param name="begin">Makes an empty check; called again when a broken read begins anew.</param>
    Task<BillReport> ReadAsync(BillQuery query, Func<BillCheck> begin, CancellationToken cancellationToken);
}
