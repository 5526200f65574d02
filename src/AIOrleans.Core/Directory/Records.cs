using AIOrleans.Core.Accounts;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Directory;

/// <summary>A company. Its time zone is the calendar of every account below it.</summary>
/// <param name="Id">One name: <c>acme</c>.</param>
/// <param name="TimeZone">IANA zone, e.g. <c>Europe/Berlin</c>.</param>
public sealed record TenantConfig(string Id, string TimeZone, LimitsConfig Limits, AccessConfig Access)
    : AccountEntry(AccountId.Of(AccountKind.Tenant, Id), Limits, Access);

/// <summary>A division of a tenant.</summary>
/// <param name="Models">Limits per model within the org, by alias.</param>
public sealed record OrgConfig(string Tenant, string Id, LimitsConfig Limits, AccessConfig Access, IReadOnlyDictionary<string, LimitsConfig> Models)
    : AccountEntry(AccountId.Of(AccountKind.Org, Tenant, Id), Limits, Access);

/// <summary>A group of users of one org.</summary>
public sealed record TeamConfig(string Tenant, string Org, string Id, LimitsConfig Limits, AccessConfig Access)
    : AccountEntry(AccountId.Of(AccountKind.Team, Tenant, Org, Id), Limits, Access);

/// <summary>A person of one org, who may be in several of its teams.</summary>
public sealed record UserConfig(string Tenant, string Org, string Id, IReadOnlyList<string> Teams, LimitsConfig Limits, AccessConfig Access)
    : AccountEntry(AccountId.Of(AccountKind.User, Tenant, Org, Id), Limits, Access);

/// <summary>An application of one org with a budget of its own.</summary>
public sealed record AppConfig(string Tenant, string Org, string Id, LimitsConfig Limits, AccessConfig Access)
    : AccountEntry(AccountId.Of(AccountKind.App, Tenant, Org, Id), Limits, Access);

/// <summary>An API key, known by its keyed hash only. Unique by id within its org.</summary>
/// <param name="User">Its owner; null for a service key of <paramref name="Team"/>.</param>
/// <param name="SecretHash">64 hex characters, HMAC-SHA-256 under the installation's key.</param>
/// <param name="Tags">Attribution (department, project, …), ordered by name.</param>
/// <param name="ExpiresAt">From then on it is refused; null: never.</param>
public sealed record KeyConfig(
    string Tenant,
    string Org,
    string Id,
    string? User,
    string? Team,
    string? App,
    string SecretHash,
    IReadOnlyList<KeyValuePair<string, string>> Tags,
    LimitsConfig Limits,
    AccessConfig Access,
    DateTimeOffset? ExpiresAt,
    bool Revoked)
    : AccountEntry(AccountId.Of(AccountKind.Key, Tenant, Org, Id), Limits, Access);

/// <summary>What the callers below a record may reach. Each level can only narrow what its parents allow.</summary>
/// <param name="Active">False refuses every call below.</param>
/// <param name="AllowedModels">Aliases, <c>*</c> at the end matches any rest; null: as the parent.</param>
/// <param name="AllowedRegions">Provider regions; null: as the parent.</param>
public sealed record AccessConfig(bool Active, IReadOnlyList<string>? AllowedModels, IReadOnlyList<string>? AllowedRegions)
{
    public static AccessConfig Default { get; } = new(true, null, null);

    public bool Equals(AccessConfig? other) =>
        other is not null && Active == other.Active && Same(AllowedModels, other.AllowedModels) && Same(AllowedRegions, other.AllowedRegions);

    public override int GetHashCode() => HashCode.Combine(Active, AllowedModels?.Count, AllowedRegions?.Count);

    private static bool Same(IReadOnlyList<string>? left, IReadOnlyList<string>? right) =>
        left is null || right is null ? ReferenceEquals(left, right) : left.SequenceEqual(right, StringComparer.Ordinal);
}

/// <summary>A company or server with an endpoint and credentials.</summary>
/// <param name="Kind">One of <see cref="ProviderKinds"/>.</param>
/// <param name="BaseUrl">Paths are appended to it; null: the company's own address.</param>
/// <param name="ApiKey">The only key; null when there are <see cref="ApiKeys"/>, or the endpoint wants none.</param>
/// <param name="Simulation">Only for <c>simulated</c>.</param>
public sealed record ProviderConfig(
    string Name, string Kind, Uri? BaseUrl, Secret? ApiKey, string? Region, ProviderTimeouts Timeouts, SimulationConfig? Simulation)
    : DirectoryEntry
{
    /// <summary>Several keys in the order of the configuration, used in turn; empty when there is one or none.</summary>
    public IReadOnlyList<Secret> ApiKeys { get; init; } = [];

    /// <summary>Every key there is, however it was configured; a key's place in it is its position everywhere.</summary>
    public IReadOnlyList<Secret> Credentials => ApiKey is { } key ? [key] : ApiKeys;

    /// <summary>The <c>api-version</c> of every address; only for <c>azure-openai</c>, whose addresses by deployment need one.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Where and as whom AWS is called; only for <c>bedrock</c>.</summary>
    public AwsAccess? Aws { get; init; }

    /// <summary>In what its servers differ from others of the kind.</summary>
    public ProviderDialect Dialect { get; init; } = ProviderDialect.Default;

    public override RecordKind RecordKind => RecordKind.Provider;

    public override string RecordId => Name;
}

/// <summary>Waits of one attempt. There is no total timeout on a running stream.</summary>
/// <param name="Connect">TCP and TLS. Default 5 s.</param>
/// <param name="FirstByte">From the request sent to the first byte of the answer. Default 60 s.</param>
/// <param name="Idle">Between two bytes of a running answer. Default 60 s.</param>
public sealed record ProviderTimeouts(TimeSpan Connect, TimeSpan FirstByte, TimeSpan Idle)
{
    public static ProviderTimeouts Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
}

/// <summary>What requests must respect that are translated for a provider. Those that pass as bytes are the client's own.</summary>
/// <param name="UsesMaxTokens">True for OpenAI-compatible servers that know <c>max_tokens</c> only. Default false.</param>
/// <param name="AdaptiveModels">Models, as the provider calls them, that decide themselves how long to think and take an effort instead of a budget
/// of tokens; <c>*</c> at the end matches any rest. Default none.</param>
public sealed record ProviderDialect(bool UsesMaxTokens, IReadOnlyList<string> AdaptiveModels)
{
    public static ProviderDialect Default { get; } = new(false, []);

    /// <summary>True when <paramref name="model"/> is one of <see cref="AdaptiveModels"/>.</summary>
    public bool ThinksAdaptively(string model)
    {
        foreach (string pattern in AdaptiveModels)
        {
            if (pattern.EndsWith('*') ? model.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == model)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>How the simulated provider behaves; every rate is in thousandths of calls, chosen deterministically from the request.</summary>
/// <param name="Latency">Before the first byte.</param>
/// <param name="TokensPerSecond">Pace of the answer; 0: as fast as possible.</param>
/// <param name="OutputTokens">Length of an answer that the client does not bound.</param>
/// <param name="ErrorsPerMille">Calls answered with 500.</param>
/// <param name="StallsPerMille">Calls that send a part and then nothing.</param>
public sealed record SimulationConfig(TimeSpan Latency, int TokensPerSecond, int OutputTokens, int ErrorsPerMille, int StallsPerMille)
{
    public static SimulationConfig Default { get; } = new(TimeSpan.Zero, 0, 32, 0, 0);
}

/// <summary>A name that clients use, and the deployments it routes to.</summary>
/// <param name="Price">Its own price, whichever deployment answers. Null: as the price list says of its deployments.</param>
/// <param name="AllowUnpriced">True lets calls through that have no price, and counts them as costing nothing.</param>
/// <param name="ContextTokensMax">Most input and output tokens of one call.</param>
/// <param name="OutputTokensMax">Most output tokens of one call; held when the client does not bound them.</param>
/// <param name="AudioSecondsMax">Longest audio that it hears in one call; null: only the size of the file bounds what is held.</param>
public sealed record ModelConfig(
    string Name, IReadOnlyList<RouteConfig> Routes, PriceSchedule? Price, bool AllowUnpriced, long ContextTokensMax, long OutputTokensMax,
    long? AudioSecondsMax = null)
    : DirectoryEntry
{
    public override RecordKind RecordKind => RecordKind.Model;

    public override string RecordId => Name;
}

/// <summary>One deployment of a model alias.</summary>
/// <param name="Model">The model as the provider calls it.</param>
/// <param name="Weight">Share of the traffic among routes of the same <paramref name="Priority"/>; 0 takes none unless all others fail.</param>
/// <param name="Priority">Lower is tried first; default 0.</param>
public sealed record RouteConfig(string Provider, string Model, int Weight, int Priority);

/// <summary>Who may use the management API.</summary>
public sealed record AdminConfig(string Id, string SecretHash) : DirectoryEntry
{
    public override RecordKind RecordKind => RecordKind.Admin;

    public override string RecordId => Id;
}
