namespace AIOrleans.Core.Money;

/// <summary>Where a price comes from. Stored by name: never renamed.</summary>
public enum PriceSource
{
    /// <summary>The <c>price</c> of an alias in the configuration; the name is the alias.</summary>
    Config,

    /// <summary>An imported price list; the name is a model as the list calls it, often <c>provider/model</c>.</summary>
    Import,
}

/// <summary>Whose prices: an alias of the configuration and a model of the imported list may be called the same.</summary>
public readonly record struct PriceName(PriceSource Source, string Model) : IComparable<PriceName>
{
    /// <summary>Longest name of a model, in characters.</summary>
    public const int CharsMax = 256;

    /// <summary>By name, and within one name the configuration's first.</summary>
    public int CompareTo(PriceName other)
    {
        int order = string.CompareOrdinal(Model, other.Model);
        return order != 0 ? order : Source.CompareTo(other.Source);
    }
}

/// <summary>One line of the price history: from an instant on, a model costs this. Never changed once written; a later line supersedes it from its own instant on.</summary>
/// <param name="Sequence">Given by the store, growing; 0 before it is written. Cursor of every reader.</param>
/// <param name="RecordedAt">When it was written.</param>
public sealed record PriceRecord(long Sequence, PriceName Name, DateTimeOffset From, ModelPrice Price, DateTimeOffset RecordedAt);
