using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>A model alias and its routes.</summary>
internal static class ModelJson
{
    /// <summary>Most tokens of one call: a hundred times the largest context known.</summary>
    private const long TokensMax = 1_000_000_000;

    /// <summary>A week: no service hears more in one call.</summary>
    private const long AudioSecondsMax = 7 * 24 * 60 * 60;

    private const int WeightMax = 1_000_000;

    private const int PriorityMax = 1_000;

    /// <summary>Longest name of a model at its provider, in characters.</summary>
    private const int ProviderModelCharsMax = 256;

    private static readonly Choice<bool> Unpriced = new(("allow", true), ("deny", false));

    /// <param name="providers">Those that routes may name; null leaves it unchecked.</param>
    public static ModelConfig Read(ObjectReader reader, DeclaredIds? providers = null)
    {
        string name = Names.Read(reader, "name", required: true, Names.ModelCharsMax) ?? Names.Unknown;
        long? context = reader.Whole("contextTokensMax", 1, TokensMax, required: true);
        long? output = reader.Whole("outputTokensMax", 1, TokensMax, required: true);
        if (output > context)
        {
            reader.Report("outputTokensMax", "must not be larger than contextTokensMax, which counts input and output.");
        }

        return new ModelConfig(
            name, ReadRoutes(reader, providers), PriceJson.Read(reader), Unpriced.Read(reader, "unpriced") ?? false, context ?? 1, output ?? 1,
            reader.Whole("audioSecondsMax", 1, AudioSecondsMax));
    }

    public static void Write(Utf8JsonWriter writer, ModelConfig model)
    {
        writer.WriteString("name", model.Name);
        writer.WriteStartArray("routes");
        foreach (RouteConfig route in model.Routes)
        {
            writer.WriteStartObject();
            writer.WriteString("provider", route.Provider);
            writer.WriteString("model", route.Model);
            writer.WriteNumber("weight", route.Weight);
            writer.WriteNumber("priority", route.Priority);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (model.Price is { } price)
        {
            writer.WritePropertyName("price");
            PriceJson.Write(writer, price);
        }

        writer.WriteString("unpriced", Unpriced.WordOf(model.AllowUnpriced));
        writer.WriteNumber("contextTokensMax", model.ContextTokensMax);
        writer.WriteNumber("outputTokensMax", model.OutputTokensMax);
        if (model.AudioSecondsMax is { } seconds)
        {
            writer.WriteNumber("audioSecondsMax", seconds);
        }
    }

    private static List<RouteConfig> ReadRoutes(ObjectReader reader, DeclaredIds? providers)
    {
        var routes = new List<RouteConfig>();
        foreach (ObjectReader item in reader.Objects("routes", required: true))
        {
            string provider = Names.Read(item, "provider", required: true) ?? Names.Unknown;
            providers?.Require(provider, item.Place, "provider", item.Mistakes);
            string model = ReadProviderModel(item);
            int weight = (int)(item.Whole("weight", 0, WeightMax) ?? 1);
            int priority = (int)(item.Whole("priority", 0, PriorityMax) ?? 0);
            item.Finish();
            if (provider != Names.Unknown && routes.Exists(r => r.Provider == provider && r.Model == model))
            {
                item.Mistakes.Add(item.Path, "names the same provider and model as a route before it; keep one and give it the weight of both.");
            }

            routes.Add(new RouteConfig(provider, model, weight, priority));
        }

        if (reader.Find("routes") is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() == 0)
        {
            reader.Report("routes", "must have at least one route.");
        }

        return routes;
    }

    // Not a name of ours: any text that the provider understands.
    private static string ReadProviderModel(ObjectReader route)
    {
        string? model = route.Text("model", required: true);
        if (model is null)
        {
            return Names.Unknown;
        }

        if (model.Length is 0 or > ProviderModelCharsMax || model.Any(char.IsControl))
        {
            route.Report("model", $"must be 1 to {ProviderModelCharsMax} characters, none of them a control character.");
        }
        else if (model is "." or "..")
        {
            route.Report("model", "must not be '.' or '..': some providers have it in their addresses, where it would name another place.");
        }

        return model;
    }
}
