using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>A provider, its waits and its simulation.</summary>
internal static class ProviderJson
{
    /// <summary>Longest wait of one kind, in seconds: an hour is longer than any client waits.</summary>
    private const int SecondsMax = 3600;

    private const int LatencyMsMax = 600_000;

    private const int TokensMax = 1_000_000;

    private const int PerMille = 1000;

    private static readonly Choice<int> Kinds = new([.. ProviderKinds.All.Select((word, index) => (word, index))]);

    /// <param name="open">Reads the text of a credential, which is a secret or refers to one here, and is sealed there.</param>
    public static ProviderConfig Read(ObjectReader reader, SecretOpener open)
    {
        string name = Names.Read(reader, "name", required: true) ?? Names.Unknown;
        string? kind = Kinds.Read(reader, "kind", required: true) is { } index ? ProviderKinds.All[index] : null;
        (Uri? baseUrl, string? apiVersion) = ProviderAddressJson.Read(reader, kind);
        Uri? home = kind is not null && reader.Find("baseUrl") is null ? ProviderKinds.HomeOf(kind) : null;
        (Secret? apiKey, IReadOnlyList<Secret> apiKeys) = ProviderKeysJson.Read(reader, open, home);
        string? region = Names.Read(reader, "region");
        ProviderTimeouts timeouts = reader.Object("timeouts") is { } waits ? ReadTimeouts(waits) : ProviderTimeouts.Default;
        SimulationConfig? simulation = reader.Object("simulation") is { } found ? ReadSimulation(found) : null;
        if (kind is not (null or ProviderKinds.Simulated) && simulation is not null)
        {
            reader.Report("simulation", $"needs \"kind\": \"{ProviderKinds.Simulated}\".");
        }

        simulation = kind == ProviderKinds.Simulated ? simulation ?? SimulationConfig.Default : null;
        return new ProviderConfig(name, kind ?? ProviderKinds.OpenAi, baseUrl, apiKey, region, timeouts, simulation)
        {
            ApiKeys = apiKeys,
            ApiVersion = apiVersion,
            Aws = ProviderAwsJson.Read(reader, kind, open),
            Dialect = ProviderDialectJson.Read(reader, kind),
        };
    }

    /// <param name="seal">Gives the text that stands for a secret.</param>
    public static void Write(Utf8JsonWriter writer, ProviderConfig provider, Func<Secret, string> seal)
    {
        writer.WriteString("name", provider.Name);
        writer.WriteString("kind", provider.Kind);
        ProviderAddressJson.Write(writer, provider);
        ProviderKeysJson.Write(writer, provider, seal);
        ProviderAwsJson.Write(writer, provider.Aws, seal);
        OptionalText.Write(writer, "region", provider.Region);
        ProviderDialectJson.Write(writer, provider.Dialect);
        writer.WriteStartObject("timeouts");
        writer.WriteNumber("connectSeconds", SecondsOf(provider.Timeouts.Connect));
        writer.WriteNumber("firstByteSeconds", SecondsOf(provider.Timeouts.FirstByte));
        writer.WriteNumber("idleSeconds", SecondsOf(provider.Timeouts.Idle));
        writer.WriteEndObject();
        if (provider.Simulation is { } simulation)
        {
            writer.WriteStartObject("simulation");
            writer.WriteNumber("latencyMs", simulation.Latency.Ticks / TimeSpan.TicksPerMillisecond);
            writer.WriteNumber("tokensPerSecond", simulation.TokensPerSecond);
            writer.WriteNumber("outputTokens", simulation.OutputTokens);
            writer.WriteNumber("errorsPerMille", simulation.ErrorsPerMille);
            writer.WriteNumber("stallsPerMille", simulation.StallsPerMille);
            writer.WriteEndObject();
        }
    }

    private static ProviderTimeouts ReadTimeouts(ObjectReader reader)
    {
        ProviderTimeouts defaults = ProviderTimeouts.Default;
        var timeouts = new ProviderTimeouts(
            ReadSeconds(reader, "connectSeconds") ?? defaults.Connect,
            ReadSeconds(reader, "firstByteSeconds") ?? defaults.FirstByte,
            ReadSeconds(reader, "idleSeconds") ?? defaults.Idle);
        reader.Finish();
        return timeouts;
    }

    private static TimeSpan? ReadSeconds(ObjectReader reader, string name) =>
        reader.Number(name, 0.001m, SecondsMax) is { } seconds ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond)) : null;

    private static decimal SecondsOf(TimeSpan wait) => wait.Ticks / (decimal)TimeSpan.TicksPerSecond;

    private static SimulationConfig ReadSimulation(ObjectReader reader)
    {
        SimulationConfig defaults = SimulationConfig.Default;
        var simulation = new SimulationConfig(
            new TimeSpan((reader.Whole("latencyMs", 0, LatencyMsMax) ?? 0) * TimeSpan.TicksPerMillisecond),
            (int)(reader.Whole("tokensPerSecond", 0, TokensMax) ?? defaults.TokensPerSecond),
            (int)(reader.Whole("outputTokens", 1, TokensMax) ?? defaults.OutputTokens),
            (int)(reader.Whole("errorsPerMille", 0, PerMille) ?? defaults.ErrorsPerMille),
            (int)(reader.Whole("stallsPerMille", 0, PerMille) ?? defaults.StallsPerMille));
        if (simulation.ErrorsPerMille + simulation.StallsPerMille > PerMille)
        {
            reader.Report("stallsPerMille", "must not exceed 1000 together with errorsPerMille.");
        }

        reader.Finish();
        return simulation;
    }
}
