namespace AIOrleans.Storage.Ledger;

/// <summary>Instants as the ledger stores them: whole microseconds since 1970 UTC.</summary>
internal static class Instants
{
    public static long ToMicros(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
