using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>A provider, its waits and its simulation.</summary>
internal static class ProviderJson
{
    /// <summary>Speaks OpenAI's protocol at any address.</summary>
    private const string OpenAi = "openai";

    /// <summary>Built in; needs no network.</summary>
    private const string Simulated = "simulated";

    /// <summary>Longest wait of one kind, in seconds: an hour is longer than any client waits.</summary>
    private const int SecondsMax = 3600;

    private const int LatencyMsMax = 600_000;

    private const int TokensMax = 1_000_000;

    private const int PerMille = 1000;

    private static readonly Choice<bool> Kinds = new((OpenAi, false), (Simulated, true));

    /// <param name="readApiKey">Reads the property <c>apiKey</c>, which is a secret here and sealed there.</param>
    public static ProviderConfig Read(ObjectReader reader, Func<ObjectReader, Secret?> readApiKey)
    {
        string name = Names.Read(reader, "name", required: true) ?? Names.Unknown;
        bool? simulated = Kinds.Read(reader, "kind", required: true);
        Uri? baseUrl = ReadBaseUrl(reader, required: simulated == false);
        Secret? apiKey = readApiKey(reader);
        string? region = Names.Read(reader, "region");
        ProviderTimeouts timeouts = reader.Object("timeouts") is { } waits ? ReadTimeouts(waits) : ProviderTimeouts.Default;
        SimulationConfig? simulation = reader.Object("simulation") is { } found ? ReadSimulation(found) : null;
        if (simulated == false && simulation is not null)
        {
            reader.Report("simulation", $"needs \"kind\": \"{Simulated}\".");
        }
        else if (simulated == true && baseUrl is not null)
        {
            reader.Report("baseUrl", $"needs \"kind\": \"{OpenAi}\"; the simulated provider has no address.");
        }

        simulation = simulated == true ? simulation ?? SimulationConfig.Default : null;
        return new ProviderConfig(name, simulated == true ? Simulated : OpenAi, baseUrl, apiKey, region, timeouts, simulation);
    }

    /// <param name="seal">Gives the text that stands for the API key.</param>
    public static void Write(Utf8JsonWriter writer, ProviderConfig provider, Func<Secret, string> seal)
    {
        writer.WriteString("name", provider.Name);
        writer.WriteString("kind", provider.Kind);
        OptionalText.Write(writer, "baseUrl", provider.BaseUrl?.OriginalString);
        OptionalText.Write(writer, "apiKey", provider.ApiKey is { } key ? seal(key) : null);
        OptionalText.Write(writer, "region", provider.Region);
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

    // The value is never shown: an address may carry a password.
    private static Uri? ReadBaseUrl(ObjectReader reader, bool required)
    {
        if (reader.Text("baseUrl", required) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            reader.Report("baseUrl", "must be an absolute address with http:// or https://, such as https://api.openai.com/v1.");
        }
        else if (url.UserInfo.Length > 0)
        {
            reader.Report("baseUrl", "must not carry a user or password; put the credential into apiKey.");
        }
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            reader.Report("baseUrl", "must end before '?' and '#': paths are appended to it.");
        }
        else
        {
            return url;
        }

        return null;
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
