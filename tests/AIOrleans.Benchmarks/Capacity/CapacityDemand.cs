namespace AIOrleans.Benchmarks.Capacity;

/// <summary>What is asked of an installation.</summary>
/// <param name="Accounts">Records of the directory that can hold: tenants, organisations, teams, users, applications, keys.</param>
/// <param name="HotPercent">Of the requests, those of the busiest tenant.</param>
/// <param name="ActivePercent">Of the accounts, those in memory at once: called within the last minutes.</param>
internal sealed record CapacityDemand(long RequestsPerSecond, long Accounts, int HotPercent, int ActivePercent);
