using System.Collections.Immutable;

namespace AIOrleans.Core.Money;

/// <summary>A price and the instant from which it is in force, until the next.</summary>
public readonly record struct PricePoint(DateTimeOffset From, ModelPrice Price);

/// <summary>Which price of one model is in force when. Immutable.</summary>
public sealed class PriceSchedule
{
    /// <summary>The instant of a price that was always in force.</summary>
    public static readonly DateTimeOffset Ever = DateTimeOffset.MinValue;

    private PriceSchedule(ImmutableArray<PricePoint> points) => Points = points;

    /// <summary>No price at any time.</summary>
    public static PriceSchedule Empty { get; } = new([]);

    /// <summary>By instant; neighbours differ.</summary>
    public ImmutableArray<PricePoint> Points { get; }

    /// <summary>One price, always in force.</summary>
    public static implicit operator PriceSchedule(ModelPrice price) => Empty.Then(Ever, price);

    /// <summary>The same until <paramref name="from"/>, and from then on <paramref name="price"/>: whatever was planned after that is dropped.</summary>
    /// <param name="from">Cut to the microsecond, as stores keep it: a schedule that was written and read is the same.</param>
    public PriceSchedule Then(DateTimeOffset from, ModelPrice price)
    {
        from = from.ToUniversalTime().AddTicks(-(from.UtcTicks % TimeSpan.TicksPerMicrosecond));
        ImmutableArray<PricePoint> before = [.. Points.Where(point => point.From < from)];
        return before.Length > 0 && before[^1].Price.Version == price.Version
            ? new PriceSchedule(before)
            : new PriceSchedule(before.Add(new PricePoint(from, price)));
    }

    /// <summary>The price in force at <paramref name="instant"/>; null before the first.</summary>
    public ModelPrice? At(DateTimeOffset instant)
    {
        int index = IndexAt(instant);
        return index < 0 ? null : Points[index].Price;
    }

    /// <summary>Since when and until when the price at <paramref name="instant"/> is in force (or none is).</summary>
    public (DateTimeOffset From, DateTimeOffset Until) SpanAt(DateTimeOffset instant)
    {
        int index = IndexAt(instant);
        return (index < 0 ? DateTimeOffset.MinValue : Points[index].From, index + 1 < Points.Length ? Points[index + 1].From : DateTimeOffset.MaxValue);
    }

    /// <summary>What must be put behind this schedule, in order by <see cref="Then"/>, so that from <paramref name="now"/> on it is as <paramref name="wanted"/>.</summary>
    /// <remarks>What was in force before now stays: an edited price is a new one from the instant of its change. An empty schedule takes all of the wanted one.</remarks>
    public IReadOnlyList<PricePoint> ChangesTo(PriceSchedule wanted, DateTimeOffset now)
    {
        if (Points.IsEmpty)
        {
            return wanted.Points;
        }

        var changes = new List<PricePoint>();
        PriceSchedule reached = this;
        IEnumerable<DateTimeOffset> instants = Points.Concat(wanted.Points).Select(point => point.From).Where(from => from > now).Order().Prepend(now);
        foreach (DateTimeOffset instant in instants.Distinct())
        {
            // Where nothing is wanted yet, nothing can be said: the older price stands in the history until the first wanted one.
            if (wanted.At(instant) is { } price && reached.At(instant)?.Version != price.Version)
            {
                changes.Add(new PricePoint(instant, price));
                reached = reached.Then(instant, price);
            }
        }

        return changes;
    }

    private int IndexAt(DateTimeOffset instant)
    {
        int index = Points.Length - 1;
        while (index >= 0 && Points[index].From > instant)
        {
            index--;
        }

        return index;
    }
}
