using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Core.Callers;

/// <summary>Who is calling, resolved from the directory once and shared by all requests of the key, or of the token, until the directory changes.</summary>
public sealed record Caller
{
    /// <summary>Written by any thread: each value is right.</summary>
    private readonly StrongBox<ModelPath?> newest = new();

    /// <summary>The key that was presented; null where a token was.</summary>
    public KeyConfig? Key { get; private init; }

    /// <summary>What the token that was presented says; null where a key was.</summary>
    public TokenSubject? Token { get; private init; }

    /// <summary>Names, not escaped.</summary>
    public required string Tenant { get; init; }

    public required string Org { get; init; }

    /// <summary>Accounts that every request of this caller is charged to, tenant first; the model account comes on top per request.</summary>
    public required IReadOnlyList<AccountId> Path { get; init; }

    /// <summary>IANA zone of the tenant.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Set when some record of the path is suspended or missing: which. Every request of this caller is to be refused.</summary>
    public AccountId? Suspended { get; init; }

    /// <summary>Every allow-list on the way from tenant to key; a model must match each.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> AllowedModels { get; init; }

    /// <summary>Likewise for provider regions.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> AllowedRegions { get; init; }

    /// <summary>The id of the credential, which usage is attributed to: <c>acme.eng.k1</c> of a key, <c>acme.eng.dev@keycloak</c> of a user's token.</summary>
    public required string KeyId { get; init; }

    /// <summary>Attribution, ordered by name; a token has none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags => Key?.Tags ?? [];

    /// <summary>Resolves <paramref name="key"/> over the records it names; one that is named but missing counts as suspended, so that its limits are never skipped.</summary>
    public static Caller Of(KeyConfig key, TenantConfig? tenant, OrgConfig? org, TeamConfig? team, UserConfig? user, AppConfig? app)
    {
        var steps = new List<(AccountId Account, AccountEntry? Entry)>(6)
        {
            (tenant?.Account ?? AccountId.Of(AccountKind.Tenant, key.Tenant), tenant),
            (org?.Account ?? AccountId.Of(AccountKind.Org, key.Tenant, key.Org), org),
        };
        AddStep(steps, AccountKind.Team, key, key.Team, team);
        AddStep(steps, AccountKind.User, key, key.User, user);
        steps.Add((key.Account, key));
        AddStep(steps, AccountKind.App, key, key.App, app);
        return Over(steps, key.Tenant, key.Org, key.RecordId, tenant?.TimeZone) with { Key = key };
    }

    /// <summary>The user that a token names. There is no account of a key on its path: what bounds it are the limits of everything else.</summary>
    public static Caller Of(TokenSubject token, TenantConfig tenant, OrgConfig org, TeamConfig? team, UserConfig user, AppConfig? app)
    {
        // An '@' is escaped in the ids of keys, so that no key has such an id.
        string id = $"{user.RecordId}@{token.Issuer}";
        AccountEntry[] entries = [.. new AccountEntry?[] { tenant, org, team, user, app }.OfType<AccountEntry>()];
        return Over([.. entries.Select(entry => (entry.Account, (AccountEntry?)entry))], token.Tenant, token.Org, id, tenant.TimeZone) with { Token = token };
    }

    public bool MayUseModel(string model) => AllowedModels.All(list => list.Any(pattern => Matches(pattern, model)));

    /// <summary>A provider without a region is allowed only where regions are not restricted.</summary>
    public bool MayUseRegion(string? region) => AllowedRegions.All(list => region is not null && list.Contains(region));

    public Attribution AttributionFor(string model) => new(KeyId, model, TimeZone, Tags);

    /// <summary>The path of a request for <paramref name="model"/>. Requests for one model after the other share it, so that what follows from a path can be kept with it.</summary>
    public ImmutableArray<AccountId> PathFor(string model)
    {
        ModelPath? known = newest.Value;
        if (known?.Model != model)
        {
            known = new ModelPath(model, [.. Path, AccountId.Of(AccountKind.Model, Tenant, Org, model)]);
            newest.Value = known;
        }

        return known.Path;
    }

    private static Caller Over(List<(AccountId Account, AccountEntry? Entry)> steps, string tenant, string org, string keyId, string? timeZone)
    {
        int suspended = steps.FindIndex(step => step.Entry is not { Access.Active: true });
        return new Caller
        {
            Tenant = tenant,
            Org = org,
            KeyId = keyId,
            Path = [.. steps.Select(step => step.Account)],
            TimeZone = timeZone ?? "UTC",
            Suspended = suspended < 0 ? null : steps[suspended].Account,
            AllowedModels = [.. steps.Select(step => step.Entry?.Access.AllowedModels).OfType<IReadOnlyList<string>>()],
            AllowedRegions = [.. steps.Select(step => step.Entry?.Access.AllowedRegions).OfType<IReadOnlyList<string>>()],
        };
    }

    private static void AddStep(List<(AccountId Account, AccountEntry? Entry)> steps, AccountKind kind, KeyConfig key, string? name, AccountEntry? entry)
    {
        if (name is not null)
        {
            steps.Add((entry?.Account ?? AccountId.Of(kind, key.Tenant, key.Org, name), entry));
        }
    }

    private static bool Matches(string pattern, string model) =>
        pattern.EndsWith('*') ? model.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == model;

    private sealed record ModelPath(string Model, ImmutableArray<AccountId> Path);
}
