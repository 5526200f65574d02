using AIOrleans.Core.Accounts;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;
using AIOrleans.Management.Reports;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AIOrleans.Management.Apis;

/// <summary>Recomputes the bill from its events.</summary>
internal static class BillApi
{
    public static void MapBill(this IEndpointRouteBuilder api) =>
        api.MapGet("/usage/verify", VerifyAsync).WithSummary("Recompute every event's cost and every account's days and months, and tell what differs");

    private static async Task<IResult> VerifyAsync(
        string? from, string? to, string? tenant, LivePrices prices, IBillReads bills, CancellationToken cancellationToken)
    {
        if (!TryRead(from, out DateTimeOffset? begin) || !TryRead(to, out DateTimeOffset? end))
        {
            return Problem.BadRequest($"'from' and 'to' must each be {InstantText.Expected}.");
        }

        if (begin >= end)
        {
            return Problem.BadRequest("'from' must be before 'to'.");
        }

        var query = new BillQuery(begin, end, string.IsNullOrEmpty(tenant) ? null : AccountId.Of(AccountKind.Tenant, tenant));
        BillReport report = await BillVerification.VerifyAsync(prices, bills, query, cancellationToken);
        return Results.Json(BillJson.Of(report), ApiJson.Options);
    }

    private static bool TryRead(string? text, out DateTimeOffset? instant)
    {
        instant = null;
        if (text is null)
        {
            return true;
        }

        bool isInstant = InstantText.TryRead(text, out DateTimeOffset read);
        instant = read;
        return isInstant;
    }
}
