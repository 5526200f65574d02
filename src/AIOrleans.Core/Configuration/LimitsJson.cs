using System.Text.Json;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Configuration;

/// <summary>Limits as the configuration file, the management API and the stored records spell them.</summary>
public static class LimitsJson
{
    /// <summary>Most calls in flight that one account may be allowed: more than a cluster serves.</summary>
    private const int ConcurrentMax = 1_000_000;

    private static readonly Choice<StoreOutagePolicy> OutagePolicies =
        new(("deny", StoreOutagePolicy.Deny), ("allow-and-journal", StoreOutagePolicy.AllowAndJournal));

    /// <summary>Reads limits.</summary>
    /// <param name="path">JSON path of <paramref name="element"/>, for the messages.</param>
    /// <returns>The limits and every mistake; the limits are to be used only when there is none.</returns>
    public static (LimitsConfig Limits, IReadOnlyList<ConfigMistake> Mistakes) Read(JsonElement element, string path = JsonPath.Root)
    {
        var mistakes = new MistakeList();
        LimitsConfig limits = Read(new ObjectReader(element, path, mistakes));
        return (limits, mistakes.ToList());
    }

    /// <summary>Writes what is set, as one object; money in dollars.</summary>
    public static void Write(Utf8JsonWriter writer, LimitsConfig limits)
    {
        writer.WriteStartObject();
        WriteNumber(writer, "requestsPerMinute", limits.RequestsPerMinute);
        WriteNumber(writer, "requestBurst", limits.RequestBurst);
        WriteNumber(writer, "tokensPerMinute", limits.TokensPerMinute);
        WriteNumber(writer, "tokenBurst", limits.TokenBurst);
        WriteNumber(writer, "concurrent", limits.Concurrent);
        if (limits.Adaptive)
        {
            writer.WriteBoolean("adaptive", true);
        }

        if (limits.OnStoreOutage is { } policy)
        {
            writer.WriteString("onStoreOutage", OutagePolicies.WordOf(policy));
        }

        QuotaJson.WriteAll(writer, limits.Quotas);
        writer.WriteEndObject();
    }

    /// <summary>The limits of <paramref name="owner"/>'s property <c>limits</c>; none when absent.</summary>
    internal static LimitsConfig ReadFrom(ObjectReader owner) => owner.Object("limits") is { } reader ? Read(reader) : LimitsConfig.None;

    /// <summary>Writes the property <c>limits</c> unless there are none.</summary>
    internal static void WriteInto(Utf8JsonWriter writer, LimitsConfig limits)
    {
        if (!limits.Equals(LimitsConfig.None))
        {
            writer.WritePropertyName("limits");
            Write(writer, limits);
        }
    }

    private static LimitsConfig Read(ObjectReader reader)
    {
        var limits = new LimitsConfig
        {
            RequestsPerMinute = reader.Whole("requestsPerMinute", 1, LimitsConfig.RateMax),
            RequestBurst = reader.Whole("requestBurst", 1, LimitsConfig.RateMax),
            TokensPerMinute = reader.Whole("tokensPerMinute", 1, LimitsConfig.RateMax),
            TokenBurst = reader.Whole("tokenBurst", 1, LimitsConfig.RateMax),
            Concurrent = (int?)reader.Whole("concurrent", 1, ConcurrentMax),
            Adaptive = reader.Flag("adaptive", absent: false),
            OnStoreOutage = OutagePolicies.Read(reader, "onStoreOutage"),
            Quotas = QuotaJson.ReadAll(reader),
        };
        RequireRate(reader, "requestBurst", "requestsPerMinute");
        RequireRate(reader, "tokenBurst", "tokensPerMinute");
        reader.Finish();
        return limits.Equals(LimitsConfig.None) ? LimitsConfig.None : limits;
    }

    // A burst without a rate would limit nothing, silently.
    private static void RequireRate(ObjectReader reader, string burst, string rate)
    {
        if (reader.Has(burst) && !reader.Has(rate))
        {
            reader.Report(burst, $"needs {rate} beside it.");
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
