using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Money;

/// <summary>All prices and their history at one moment. Immutable and thread-safe; lookups never touch I/O.</summary>
public sealed class PriceBook
{
    private static readonly PriceBook Nothing = new();

    // Resolving an alias takes a dozen lookups: remembered as long as no price changes. By reference, and gone with the alias.
    private readonly ConditionalWeakTable<ModelConfig, Resolved> resolved = [];

    private PriceBook()
    {
    }

    public static PriceBook Empty => Nothing;

    /// <summary>The last line of the history that this book knows.</summary>
    public long Sequence { get; private init; }

    /// <summary>When which price of a name is in force.</summary>
    public ImmutableSortedDictionary<PriceName, PriceSchedule> Schedules { get; private init; } = ImmutableSortedDictionary<PriceName, PriceSchedule>.Empty;

    /// <summary>Every price that ever was, by the name that usage events keep.</summary>
    public ImmutableDictionary<string, ModelPrice> Versions { get; private init; } = ImmutableDictionary<string, ModelPrice>.Empty;

    /// <summary>The book after further lines of the history.</summary>
    /// <exception cref="InvalidOperationException">A version with other numbers than the known one of that name: bills could not be recomputed.</exception>
    public PriceBook With(IReadOnlyList<PriceRecord> records)
    {
        if (records.Count == 0)
        {
            return this;
        }

        var schedules = Schedules.ToBuilder();
        var versions = Versions.ToBuilder();
        long sequence = Sequence;
        foreach (PriceRecord record in records)
        {
            schedules[record.Name] = (schedules.TryGetValue(record.Name, out PriceSchedule? schedule) ? schedule : PriceSchedule.Empty).Then(record.From, record.Price);
            if (versions.TryGetValue(record.Price.Version, out ModelPrice? known))
            {
                RequireSame(known, record.Price);
            }
            else
            {
                versions[record.Price.Version] = record.Price;
            }

            sequence = Math.Max(sequence, record.Sequence);
        }

        return new PriceBook { Sequence = sequence, Schedules = schedules.ToImmutable(), Versions = versions.ToImmutable() };
    }

    /// <summary>The prices of the deployments of <paramref name="model"/> at <paramref name="instant"/>.</summary>
    /// <remarks>
    /// The alias's own price counts for every deployment. Without one in force a deployment costs what the list says of <c>provider/model</c>, else of
    /// <c>model</c>, as the provider calls it, else of the alias's name.
    /// </remarks>
    public ModelPrices PricesOf(ModelConfig model, DateTimeOffset instant)
    {
        if (resolved.TryGetValue(model, out Resolved? known) && instant >= known.From && instant < known.Until)
        {
            return known.Prices;
        }

        Resolved found = Resolve(model, instant);
        resolved.AddOrUpdate(model, found);
        return found.Prices;
    }

    private Resolved Resolve(ModelConfig model, DateTimeOffset instant)
    {
        DateTimeOffset since = DateTimeOffset.MinValue;
        DateTimeOffset until = DateTimeOffset.MaxValue;
        ModelPrice? InForce(PriceSchedule? schedule)
        {
            if (schedule is null)
            {
                return null;
            }

            (DateTimeOffset from, DateTimeOffset to) = schedule.SpanAt(instant);
            since = from > since ? from : since;
            until = to < until ? to : until;
            return schedule.At(instant);
        }

        ModelPrice? Listed(string name) => InForce(Schedules.GetValueOrDefault(new PriceName(PriceSource.Import, name)));
        ModelPrice? own = InForce(model.Price);
        ImmutableArray<ModelPrice?> prices =
            [.. model.Routes.Select(route => own ?? Listed($"{route.Provider}/{route.Model}") ?? Listed(route.Model) ?? Listed(model.Name))];
        return new Resolved(new ModelPrices(model.Routes, prices), since, until);
    }

    private static void RequireSame(ModelPrice known, ModelPrice price)
    {
        if (!Configuration.PriceJson.TextOf(known).AsSpan().SequenceEqual(Configuration.PriceJson.TextOf(price)))
        {
            throw new InvalidOperationException($"The price history has two prices of version {price.Version}; bills that used it cannot be recomputed.");
        }
    }

    private sealed record Resolved(ModelPrices Prices, DateTimeOffset From, DateTimeOffset Until);
}

/// <summary>The prices as this process knows them: one immutable book, swapped whole on every change.</summary>
public interface IPrices
{
    /// <summary>The newest book; reading it costs one memory read.</summary>
    PriceBook Current { get; }
}
