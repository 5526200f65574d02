using AIOrleans.Core.Ports;
using AIOrleans.Storage.Answers;
using AIOrleans.Storage.Ledger;
using AIOrleans.Storage.Objects;

namespace AIOrleans.Storage;

/// <summary>One kind of database: everything that differs between them.</summary>
internal interface IStorageEngine
{
    /// <summary>For logs: kind and place, without credentials.</summary>
    string Name { get; }

    ILedgerStore Ledger { get; }

    IDirectoryStore Directory { get; }

    IUsageReports Reports { get; }

    IAnswerRows Answers { get; }

    IObjectRows Objects { get; }

    IPriceStore Prices { get; }

    IBillReads Bills { get; }

    ISiloStore Silos { get; }

    IFactStore Facts { get; }

    /// <summary>Opens the database and applies its migrations.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Writes the fact <paramref name="name"/> unless it is there.</summary>
    /// <returns>What is stored now.</returns>
    Task<string> ReadOrAddFactAsync(string name, string value, CancellationToken cancellationToken);
}
