using AIOrleans.Core.Money;

namespace AIOrleans.Core.Ports;

/// <summary>The durable price history: lines are added and never changed.</summary>
public interface IPriceStore
{
    /// <summary>Every line after <paramref name="afterSequence"/>, in order.</summary>
    /// <exception cref="InvalidOperationException">A line is damaged, or of a version that this one does not understand; the message names it.</exception>
    Task<IReadOnlyList<PriceRecord>> ReadAsync(long afterSequence, CancellationToken cancellationToken);

    /// <summary>Adds all of <paramref name="records"/> in order, or none; each gets the next sequence.</summary>
    /// <param name="expectedSequence">Refuses when the newest stored line is another one.</param>
    /// <returns>False when refused: read again and decide anew.</returns>
    Task<bool> WriteAsync(IReadOnlyList<PriceRecord> records, long expectedSequence, CancellationToken cancellationToken);
}
