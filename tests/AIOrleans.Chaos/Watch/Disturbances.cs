namespace AIOrleans.Chaos.Watch;

/// <summary>Times during which a gateway could not do its work although it lived: settlements wait for their end. Thread-safe.</summary>
internal sealed class Disturbances
{
    /// <summary>How long a gateway may need to catch up afterwards.</summary>
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> spans = [];

    /// <returns>Its number, for <see cref="End"/>.</returns>
    public int Begin(DateTimeOffset from)
    {
        lock (gate)
        {
            spans.Add((from, DateTimeOffset.MaxValue));
            return spans.Count - 1;
        }
    }

    public void End(int number, DateTimeOffset to)
    {
        lock (gate)
        {
            spans[number] = (spans[number].From, to);
        }
    }

    /// <summary>True when one of them touches the time between the two instants.</summary>
    public bool Touch(DateTimeOffset from, DateTimeOffset to)
    {
        lock (gate)
        {
            return spans.Exists(span => span.From <= to && span.To >= from);
        }
    }

    /// <summary>When work that is otherwise done at <paramref name="at"/> is done in spite of them.</summary>
    public DateTimeOffset Delay(DateTimeOffset at)
    {
        lock (gate)
        {
            foreach ((DateTimeOffset from, DateTimeOffset to) in spans)
            {
                if (from <= at)
                {
                    at = to > DateTimeOffset.MaxValue - CatchUpMax ? DateTimeOffset.MaxValue : at > to + CatchUpMax ? at : to + CatchUpMax;
                }
            }

            return at;
        }
    }
}
