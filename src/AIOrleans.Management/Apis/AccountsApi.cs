using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace AIOrleans.Management.Apis;

/// <summary>Accounts as their grains know them.</summary>
internal static class AccountsApi
{
    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/accounts/{kind}/{id}/live", LiveAsync)
            .WithSummary("Live numbers of one account, from its grain's memory")
            .Produces<AccountLiveJson>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Reads <paramref name="kind"/> and <paramref name="id"/> of a path into an account that exists.</summary>
    internal static IResult? Find(IDirectory directory, string kind, string id, out AccountId account)
    {
        if (!AccountId.TryParse($"{kind}:{id}", out account))
        {
            return Problem.BadRequest(
                $"'{kind}/{id}' does not name an account. Kinds are tenant, org, team, user, key, app and model; an id is a dotted path such as 'acme.eng.core'.");
        }

        return directory.Current.FindAccount(account) is null ? Problem.NotFound($"There is no {account}.") : null;
    }

    private static async Task<IResult> LiveAsync(string kind, string id, IDirectory directory, IGrainFactory grains)
    {
        if (Find(directory, kind, id, out AccountId account) is { } problem)
        {
            return problem;
        }

        AccountView view = await grains.GetGrain<IAccountGrain>(account.ToString()).ViewAsync();
        return Results.Json(AccountLiveJson.Of(view), ApiJson.Options);
    }
}
