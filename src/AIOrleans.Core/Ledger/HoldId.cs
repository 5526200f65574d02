namespace AIOrleans.Core.Ledger;

/// <summary>Names one hold, and the request it was made for: a version 7 UUID, so that ids sort by time.</summary>
public readonly record struct HoldId(Guid Value)
{
    public static HoldId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString("D");
}
