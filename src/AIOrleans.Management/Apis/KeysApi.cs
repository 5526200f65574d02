using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AIOrleans.Management.Apis;

/// <summary>What <c>POST /api/v1/keys</c> takes: a key of a user, or a service key of a team.</summary>
/// <param name="Id">Unique within the org; null: one is made.</param>
internal sealed record NewKey(
    string? Tenant, string? Org, string? Id, string? User, string? Team, string? App, IReadOnlyDictionary<string, string>? Tags, DateTimeOffset? ExpiresAt);

/// <summary>API keys: made with a secret that is shown once, revoked at once.</summary>
internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        api.MapPost("/keys", CreateAsync).WithSummary("Make an API key; its secret is in this answer and nowhere else").WhenSpread();
        api.MapPost("/keys/{id}/revoke", RevokeAsync).WithSummary("Revoke an API key: the next call with it is refused").WhenSpread();
    }

    private static async Task<IResult> CreateAsync(NewKey asked, LiveDirectory directory, ISecretVault vault, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Check(directory.Current, asked, time) is { } problem)
        {
            return problem;
        }

        Secret secret = ApiKeySecret.New();
        var key = new KeyConfig(
            asked.Tenant!, // ! Checked.
            asked.Org!, // ! Checked.
            asked.Id ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            asked.User,
            asked.Team,
            asked.App,
            vault.HashKey(secret.Reveal()),
            [.. (asked.Tags ?? new Dictionary<string, string>()).OrderBy(tag => tag.Key, StringComparer.Ordinal)],
            LimitsConfig.None,
            AccessConfig.Default,
            asked.ExpiresAt,
            Revoked: false);
        IReadOnlyList<DirectoryRecord> written = await directory.ChangeAsync(
            snapshot => snapshot.Keys.ContainsKey(key.RecordId) ? [] : [DirectoryJson.Write(key, vault)], cancellationToken);
        return written.Count == 0
            ? Problem.Conflict($"There is a key '{key.RecordId}' already. Choose another id, or leave it out.")
            : Results.Json(new { Id = key.RecordId, Account = key.Account.ToString(), Secret = secret.Reveal() }, ApiJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeAsync(string id, LiveDirectory directory, ISecretVault vault, CancellationToken cancellationToken)
    {
        bool exists = false;
        await directory.ChangeAsync(
            snapshot =>
            {
                exists = snapshot.Keys.TryGetValue(id, out KeyConfig? key);
                return key is null || key.Revoked ? [] : [DirectoryJson.Write(key with { Revoked = true }, vault)];
            },
            cancellationToken);
        return exists ? Results.NoContent() : Problem.NotFound($"There is no key '{id}'. Its id is TENANT.ORG.KEY, e.g. 'acme.eng.k1'.");
    }

    private static IResult? Check(DirectorySnapshot snapshot, NewKey asked, TimeProvider time)
    {
        if (string.IsNullOrEmpty(asked.Tenant) || string.IsNullOrEmpty(asked.Org))
        {
            return Problem.BadRequest("Name the 'tenant' and the 'org' that the key belongs to.");
        }

        if (asked.User is null && asked.Team is null)
        {
            return Problem.BadRequest("Name the 'user' that owns the key, or the 'team' whose service key it is.");
        }

        if (asked.ExpiresAt <= time.GetUtcNow())
        {
            return Problem.BadRequest("'expiresAt' is in the past.");
        }

        string org = AccountId.Of(AccountKind.Org, asked.Tenant, asked.Org).Path;
        if (!snapshot.Orgs.ContainsKey(org))
        {
            return Problem.NotFound($"There is no org '{org}'.");
        }

        return Missing(snapshot.Users, org, "user", asked.User) ?? Missing(snapshot.Teams, org, "team", asked.Team) ?? Missing(snapshot.Apps, org, "app", asked.App);
    }

    private static IResult? Missing<T>(IReadOnlyDictionary<string, T> records, string org, string kind, string? name) =>
        name is null || (name.Length > 0 && records.ContainsKey($"{org}.{AccountId.Escape(name)}")) ? null : Problem.NotFound($"There is no {kind} '{name}' in org '{org}'.");
}
