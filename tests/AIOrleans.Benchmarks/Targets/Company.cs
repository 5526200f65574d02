using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>The configuration that AIOrleans is measured with: budgets, rates and slots on every account of a path, wide enough never to deny.</summary>
internal sealed record Company(int Tenants, int KeysPerTenant)
{
    public const string AdminSecret = "sk-bench-admin";

    /// <summary>Quotas of every account besides its rates.</summary>
    public int QuotasPerAccount { get; init; } = 2;

    /// <summary>False leaves out teams and apps: paths of five accounts instead of seven.</summary>
    public bool HasTeamsAndApps { get; init; } = true;

    public IReadOnlyList<string> Secrets => [.. Enumerable.Range(0, Tenants).SelectMany(tenant => Enumerable.Range(0, KeysPerTenant).Select(key => Secret(tenant, key)))];

    public string ToJson(Uri upstream)
    {
        using var text = new MemoryStream();
        WriteTo(text, upstream);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>Writes the file tenant by tenant: a million accounts as one tree would need gigabytes.</summary>
    public void WriteTo(Stream file, Uri upstream)
    {
        using var writer = new Utf8JsonWriter(file);
        writer.WriteStartObject();
        Write("providers", new JsonArray(new JsonObject { ["name"] = "up", ["kind"] = "openai", ["baseUrl"] = new Uri(upstream, "/v1").ToString() }));
        Write("models", new JsonArray(JsonNode.Parse(
            """
            { "name": "gpt-4o", "routes": [ { "provider": "up", "model": "gpt-4o", "weight": 1 } ], "price": { "inputPerMillion": 2.5, "outputPerMillion": 10 },
              "contextTokensMax": 2000000, "outputTokensMax": 10000 }
            """)));
        writer.WriteStartArray("tenants");
        for (int tenant = 0; tenant < Tenants; tenant++)
        {
            new JsonObject { ["id"] = $"t{tenant}", ["limits"] = Limits(), ["orgs"] = new JsonArray(OrgOf(tenant)) }.WriteTo(writer);
            writer.Flush();
        }

        writer.WriteEndArray();
        Write("admins", new JsonArray(new JsonObject { ["id"] = "bench", ["secret"] = AdminSecret }));
        writer.WriteEndObject();

        void Write(string name, JsonNode value)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    private static string Secret(int tenant, int key) => string.Create(CultureInfo.InvariantCulture, $"sk-bench-{tenant}-{key}");

    private static JsonArray ArrayOf(int count, Func<int, JsonNode> make) => new([.. Enumerable.Range(0, count).Select(make)]);

    private JsonObject OrgOf(int tenant)
    {
        var org = new JsonObject
        {
            ["id"] = "eng",
            ["limits"] = Limits(),
            ["models"] = new JsonArray(new JsonObject { ["model"] = "gpt-4o", ["limits"] = Limits() }),
            ["users"] = ArrayOf(KeysPerTenant, user => UserOf(tenant, user)),
        };
        if (HasTeamsAndApps)
        {
            org["teams"] = new JsonArray(new JsonObject { ["id"] = "core", ["limits"] = Limits() });
            org["apps"] = new JsonArray(new JsonObject { ["id"] = "app", ["limits"] = Limits() });
        }

        return org;
    }

    private JsonObject UserOf(int tenant, int user)
    {
        var key = new JsonObject { ["id"] = $"k{user}", ["secret"] = Secret(tenant, user), ["limits"] = Limits() };
        var made = new JsonObject { ["id"] = $"u{user}", ["limits"] = Limits(), ["keys"] = new JsonArray(key) };
        if (HasTeamsAndApps)
        {
            key["team"] = "core";
            key["app"] = "app";
            made["teams"] = new JsonArray("core");
        }

        return made;
    }

    private JsonObject Limits() => new()
    {
        ["requestsPerMinute"] = 1_000_000_000,
        ["tokensPerMinute"] = 1_000_000_000,
        ["concurrent"] = 1_000_000,
        ["quotas"] = ArrayOf(QuotasPerAccount, QuotaOf),
    };

    private static JsonObject QuotaOf(int number)
    {
        string[] periods = ["month", "day", "hour", "week", "quarter", "year", "total", "minute"];
        string metric = (number / periods.Length) switch { 0 when number % 2 == 0 => "cost", 0 => "requests", 1 => "tokens", _ => number % 2 == 0 ? "requests" : "cost" };
        return new JsonObject { ["metric"] = metric, ["period"] = periods[number % periods.Length], ["amount"] = 1_000_000_000 };
    }
}
