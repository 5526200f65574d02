using System.Text.Json;
using AIOrleans.Core.Configuration;

namespace AIOrleans.Core.Money.LiteLlm;

/// <summary>What reading a list gives.</summary>
public abstract record PriceListResult
{
    private PriceListResult()
    {
    }

    public sealed record Accepted(PriceList List) : PriceListResult;

    /// <param name="Mistake">Why the text as a whole is no price list.</param>
    public sealed record Refused(string Mistake) : PriceListResult;
}

/// <summary>Reads the price list that LiteLLM publishes: one object by model name, dollars per token. Exact: no price is ever rounded.</summary>
public static class LiteLlmPrices
{
    /// <summary>Longest list in bytes: ten times the published one.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    private const int DepthMax = 32;

    /// <summary>Describes the list's format; prices nothing.</summary>
    private const string Sample = "sample_spec";

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = DepthMax };

    /// <summary>Reads all of <paramref name="json"/>. A model that cannot be charged exactly is skipped, with its reason.</summary>
    public static PriceListResult Read(string json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return new PriceListResult.Refused("is empty.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, JsonOptions);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : new PriceListResult.Refused("must be an object with one property for each model.");
        }
        catch (JsonException exception)
        {
            return new PriceListResult.Refused(JsonSyntax.MistakeOf(json, exception).Message);
        }
        catch (InvalidOperationException)
        {
            return new PriceListResult.Refused("has a text that is broken Unicode.");
        }
    }

    private static PriceListResult Read(JsonElement root)
    {
        // Of two properties with one name the later counts, as for those who publish the list.
        var models = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject().Where(property => property.Name != Sample))
        {
            models[property.Name] = property.Value;
        }

        if (models.Count > PriceList.ModelsMax)
        {
            return new PriceListResult.Refused($"has {models.Count} models; at most {PriceList.ModelsMax} are read.");
        }

        var prices = new List<ListedPrice>();
        var skipped = new List<SkippedPrice>();
        foreach ((string name, JsonElement body) in models)
        {
            (ListedPrice? price, SkippedPrice? why) = LiteLlmModel.Read(name, body);
            if (price is not null)
            {
                prices.Add(price);
            }
            else if (why is not null)
            {
                skipped.Add(why);
            }
        }

        return new PriceListResult.Accepted(new PriceList(prices, skipped));
    }
}
