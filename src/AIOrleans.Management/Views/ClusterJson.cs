using AIOrleans.Core.Silos;

namespace AIOrleans.Management.Views;

/// <summary>The answer of <c>GET /api/v1/cluster</c>.</summary>
/// <param name="Revision">The directory revision that the answering process serves by.</param>
internal sealed record ClusterJson(
    string AnsweredBy, long Revision, IReadOnlyList<SiloJson> Silos, IReadOnlyList<ActivationsJson> Activations, IReadOnlyList<HotAccount> HottestAccounts)
{
    public static ClusterJson Of(IReadOnlyList<SeenSilo> all, SeenSilo here, IEnumerable<ActivationsJson> activations, int hottest) => new(
        here.Silo.Name,
        here.Silo.Known.Directory,
        [.. all.Select(seen => SiloJson.Of(seen, here.Silo.Known))],
        [.. activations],
        [
            .. all.Where(seen => seen.MayServe).SelectMany(seen => SiloLoad.Of(seen.Silo.Load).Hottest)
                .GroupBy(hot => hot.Account, hot => hot.HoldsPerSecond, StringComparer.Ordinal)
                .Select(same => new HotAccount(same.Key, same.Sum()))
                .OrderByDescending(hot => hot.HoldsPerSecond).ThenBy(hot => hot.Account, StringComparer.Ordinal).Take(hottest),
        ]);
}

/// <summary>One process.</summary>
/// <param name="Status"><c>serving</c>; <c>behind</c>: it has not confirmed what the answering process knows; <c>silent</c>: dead, or cut off and refusing calls.</param>
internal sealed record SiloJson(
    string Name,
    string Instance,
    string Address,
    string HttpAddress,
    string Version,
    string Role,
    DateTimeOffset StartedAt,
    DateTimeOffset SeenAt,
    string Status,
    long DirectoryRevision,
    long PriceSequence,
    ProcessLoadJson Load)
{
    public static SiloJson Of(SeenSilo seen, StoreVersion newest) => new(
        seen.Silo.Name,
        seen.Silo.InstanceId,
        seen.Silo.Address,
        seen.Silo.HttpAddress,
        seen.Silo.Version,
        seen.Silo.Role,
        seen.Silo.StartedAt,
        seen.SeenAt,
        !seen.MayServe ? "silent" : seen.Silo.Known.Covers(newest) ? "serving" : "behind",
        seen.Silo.Known.Directory,
        seen.Silo.Known.Prices,
        ProcessLoadJson.Of(SiloLoad.Of(seen.Silo.Load)));
}

/// <summary>How busy one process is; percentages are of what it may use.</summary>
internal sealed record ProcessLoadJson(long RequestsInFlight, long Holds, long WaitingInLine, long LedgerQueue, decimal CpuPercent, long MemoryBytes, decimal HeapPercent)
{
    public static ProcessLoadJson Of(SiloLoad load) => new(
        load.RequestsInFlight, load.Holds, load.WaitingInLine, load.LedgerQueue, load.CpuPerMille / 10m, load.MemoryBytes, load.HeapPerMille / 10m);
}

/// <summary>How many grains of one kind are in the memory of one silo.</summary>
internal sealed record ActivationsJson(string Silo, string Kind, int Count);
