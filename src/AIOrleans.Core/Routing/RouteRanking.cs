using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Routing;

/// <summary>A deployment that a request may be sent to.</summary>
/// <param name="IsResting">Its breaker is open: tried only when nothing else is left.</param>
public readonly record struct RouteCandidate(RouteConfig Route, ProviderConfig Provider, bool IsResting);

/// <summary>Orders the deployments of a model alias for one request.</summary>
public static class RouteRanking
{
    /// <summary>Attempts of one request: the first and two failovers. Bounds what one call can cost and last.</summary>
    public const int AttemptsMax = 3;

    /// <summary>
    /// Working deployments before resting ones, lower priority numbers first, and within one priority a random order in which a route of
    /// weight 3 comes first three times as often as one of weight 1; weight 0 comes last.
    /// </summary>
    public static IReadOnlyList<RouteCandidate> Rank(IReadOnlyList<RouteCandidate> candidates, Random random)
    {
        if (candidates.Count <= 1)
        {
            return candidates;
        }

        // Efraimidis and Spirakis: sorting by u^(1/weight) draws without replacement in proportion to the weights.
        return
        [
            .. candidates
                .Select(candidate => (candidate, key: candidate.Route.Weight <= 0 ? -1 : Math.Pow(random.NextDouble(), 1.0 / candidate.Route.Weight)))
                .OrderBy(entry => entry.candidate.IsResting)
                .ThenBy(entry => entry.candidate.Route.Priority)
                .ThenByDescending(entry => entry.key)
                .Select(entry => entry.candidate),
        ];
    }
}
