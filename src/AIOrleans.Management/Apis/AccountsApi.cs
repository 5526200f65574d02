using System.Text.Json;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;

namespace AIOrleans.Management.Apis;

/// <summary>Accounts: their records and limits, and their live numbers as their grains know them.</summary>
internal static class AccountsApi
{
    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/accounts/{kind}/{id}/live", LiveAsync).WithSummary("Live numbers of one account, from its grain's memory").Produces<AccountLiveJson>();
        api.MapGet("/accounts/{kind}/{id}", Read).WithSummary("Record and limits of one account");
        api.MapPut("/accounts/{kind}/{id}", WriteAsync).WithSummary("Replace the limits of one account, or switch it on and off").WhenSpread();
    }

    /// <summary>Reads <paramref name="kind"/> and <paramref name="id"/> of a path into an account that exists.</summary>
    private static IResult? Find(IDirectory directory, string kind, string id, out AccountId account)
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

    private static IResult Read(string kind, string id, IDirectory directory)
    {
        if (Find(directory, kind, id, out AccountId account) is { } problem)
        {
            return problem;
        }

        return AccountRecords.Find(directory.Current, account) is { } entry
            ? Written(directory.Current, entry, account)
            : Problem.NotFound($"There is no {account}.");
    }

    private static async Task<IResult> WriteAsync(
        string kind, string id, JsonElement body, LiveDirectory directory, ISecretVault vault, CancellationToken cancellationToken)
    {
        if (Find(directory, kind, id, out AccountId account) is { } problem)
        {
            return problem;
        }

        if (ReadChange(body, account, out LimitsConfig limits, out bool? active) is { } mistake)
        {
            return mistake;
        }

        AccountEntry? changed = null;
        await directory.ChangeAsync(
            snapshot =>
            {
                changed = AccountRecords.Find(snapshot, account) is { } entry ? AccountRecords.With(entry, account, limits, active) : null;
                return changed is null ? [] : [DirectoryJson.Write(changed, vault)];
            },
            cancellationToken);
        return changed is null ? Problem.NotFound($"There is no {account}.") : Written(directory.Current, changed, account);
    }

    private static IResult Written(DirectorySnapshot snapshot, AccountEntry entry, AccountId account) =>
        Results.Bytes(AccountRecords.Write(entry, account, AccountRecords.WarningsOf(snapshot, entry, account)), "application/json");

    /// <summary>Reads <c>{"limits":{…},"active":true}</c>; <c>limits</c> replaces all limits, because a forgotten old one would surprise.</summary>
    private static IResult? ReadChange(JsonElement body, AccountId account, out LimitsConfig limits, out bool? active)
    {
        limits = LimitsConfig.None;
        active = null;
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("limits", out JsonElement element))
        {
            return Problem.BadRequest("Send {\"limits\": {…}}, spelled as in the configuration file; {} means no limits.");
        }

        foreach (JsonProperty property in body.EnumerateObject())
        {
            if (property.Name is "active" && property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                active = property.Value.GetBoolean();
            }
            else if (property.Name is not ("limits" or "account" or "origin"))
            {
                return Problem.BadRequest($"'{property.Name}' cannot be set here. Send 'limits' and, if you like, 'active' (true or false).");
            }
        }

        if (active is not null && account.Kind == AccountKind.Model)
        {
            return Problem.BadRequest("A model account cannot be switched off; use 'allowedModels' of its org in the configuration.");
        }

        (limits, IReadOnlyList<ConfigMistake> mistakes) = LimitsJson.Read(element, "$.limits");
        return mistakes.Count == 0 ? null : Problem.BadRequest(string.Join(" · ", mistakes));
    }
}
