namespace AIOrleans.Storage.Ledger;

/// <summary>The earliest starts that a running period can still contain; months are always read.</summary>
/// <remarks>A week has seven days, one of them of 25 hours; the rest is room for clocks that differ between silos.</remarks>
internal readonly record struct WindowReach(long Minutes, long Hours, long Days)
{
    public static WindowReach At(DateTimeOffset now) =>
        new(now.AddMinutes(-3).ToMicros(), now.AddHours(-3).ToMicros(), now.AddDays(-9).ToMicros());
}
