using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace AIOrleans.Management.Apis;

/// <summary>What was used and what it cost, from the ledger.</summary>
internal static class UsageApi
{
    /// <summary>Most groups of one query: more makes rows nobody reads.</summary>
    private const int GroupsMax = 4;

    /// <summary>Most rows of one answer. Default 1 000.</summary>
    private const int RowsMax = 10_000;

    /// <summary>The groups of <see cref="UsageToday.Rows"/>.</summary>
    private static readonly string[] TodayGroups = ["team", "app", "model"];

    public static void MapUsage(this IEndpointRouteBuilder api)
    {
        api.MapGet("/usage", TotalsAsync).WithSummary("Grouped totals of usage and cost");
        api.MapGet("/usage/events", EventsAsync).WithSummary("Single usage events, newest first");
        api.MapGet("/usage/today/{tenant}", TodayAsync).WithSummary("Today's totals of one tenant, kept by its grain");
    }

    private static async Task<IResult> TodayAsync(string tenant, IDirectory directory, IGrainFactory grains)
    {
        if (!directory.Current.Tenants.ContainsKey(tenant))
        {
            return Problem.NotFound($"There is no tenant '{tenant}'.");
        }

        UsageToday today = await grains.GetGrain<IUsageGrain>(tenant).TodayAsync();
        return Results.Json(
            new { today.Since, Rows = today.Rows.Select(row => UsageRowJson.Of(row, TodayGroups)), today.EventsHeard }, ApiJson.Options);
    }

    private static async Task<IResult> TotalsAsync(
        DateTimeOffset? from, DateTimeOffset? to, string? groupBy, string? account, int? limit, IUsageReports reports, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Read(from, to, groupBy, account, time, out UsageQuery query, out IReadOnlyList<string> names) is { } problem)
        {
            return problem;
        }

        IReadOnlyList<UsageTotals> rows = await reports.ReadTotalsAsync(query, Math.Clamp(limit ?? 1000, 1, RowsMax), cancellationToken);
        return Results.Json(
            new { query.From, query.To, GroupBy = names, Rows = rows.Select(row => UsageRowJson.Of(row, names)) }, ApiJson.Options);
    }

    private static async Task<IResult> EventsAsync(
        DateTimeOffset? from, DateTimeOffset? to, string? account, long? before, int? limit, IUsageReports reports, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Read(from, to, null, account, time, out UsageQuery query, out _) is { } problem)
        {
            return problem;
        }

        int count = Math.Clamp(limit ?? 100, 1, 1000);
        IReadOnlyList<UsageEvent> events = await reports.ReadEventsAsync(query, before, count, cancellationToken);
        return Results.Json(
            new { Events = events.Select(UsageEventJson.Of), NextBefore = events.Count == count ? events[^1].Sequence : (long?)null }, ApiJson.Options);
    }

    /// <summary>Reads the query string; the default span is the last 30 days.</summary>
    private static IResult? Read(
        DateTimeOffset? from, DateTimeOffset? to, string? groupBy, string? account, TimeProvider time, out UsageQuery query, out IReadOnlyList<string> names)
    {
        DateTimeOffset end = to ?? time.GetUtcNow().AddDays(1);
        query = new UsageQuery(from ?? end.AddDays(-31), end, [], [], null);
        names = (groupBy ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (query.From >= query.To)
        {
            return Problem.BadRequest("'from' must be before 'to'. Both are ISO 8601 instants.");
        }

        if (names.Count > GroupsMax)
        {
            return Problem.BadRequest($"At most {GroupsMax} groups.");
        }

        AccountId within = default;
        if (account is not null && !AccountId.TryParse(account, out within))
        {
            return Problem.BadRequest($"'{account}' is not an account id such as 'team:acme.eng.core'.");
        }

        var groups = new List<UsageGroup>();
        var tags = new List<string>();
        foreach (string name in names)
        {
            if (name.StartsWith("tag:", StringComparison.Ordinal) && name.Length > "tag:".Length)
            {
                groups.Add(UsageGroup.Tag);
                tags.Add(name["tag:".Length..]);
            }
            else if (Enum.TryParse(name, ignoreCase: true, out UsageGroup group) && group != UsageGroup.Tag && !int.TryParse(name, out _))
            {
                groups.Add(group);
            }
            else
            {
                return Problem.BadRequest($"'{name}' is not a group. Use tenant, org, team, user, key, app, model, provider, operation, day or tag:NAME.");
            }
        }

        query = query with { Groups = groups, TagNames = tags, Within = account is null ? null : within };
        return null;
    }
}
