using System.Text.Json;
using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>The property <c>dialect</c> of a provider.</summary>
internal static class ProviderDialectJson
{
    private static readonly IReadOnlyList<string> EveryModel = ["*"];

    /// <param name="kind">Null when it was reported: then nothing is said that depends on it.</param>
    public static ProviderDialect Read(ObjectReader provider, string? kind)
    {
        if (provider.Object("dialect") is not { } reader)
        {
            return ProviderDialect.Default;
        }

        var dialect = new ProviderDialect(reader.Flag("usesMaxTokens", absent: false), ReadAdaptive(reader));
        if (dialect.UsesMaxTokens && kind is not (null or ProviderKinds.OpenAi or ProviderKinds.AzureOpenAi))
        {
            reader.Report("usesMaxTokens", $"needs \"kind\": \"{ProviderKinds.OpenAi}\" or \"{ProviderKinds.AzureOpenAi}\".");
        }

        if (dialect.AdaptiveModels.Count > 0 && kind is not (null or ProviderKinds.Anthropic or ProviderKinds.Bedrock))
        {
            reader.Report("thinksAdaptively", $"needs \"kind\": \"{ProviderKinds.Anthropic}\" or \"{ProviderKinds.Bedrock}\".");
        }

        reader.Finish();
        return dialect;
    }

    public static void Write(Utf8JsonWriter writer, ProviderDialect dialect)
    {
        if (!dialect.UsesMaxTokens && dialect.AdaptiveModels.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("dialect");
        writer.WriteBoolean("usesMaxTokens", dialect.UsesMaxTokens);
        TextList.Write(writer, "thinksAdaptively", dialect.AdaptiveModels);
        writer.WriteEndObject();
    }

    /// <summary>True stands for every model, false for none.</summary>
    private static IReadOnlyList<string> ReadAdaptive(ObjectReader reader)
    {
        switch (reader.Find("thinksAdaptively")?.ValueKind)
        {
            case null or JsonValueKind.False:
                return [];
            case JsonValueKind.True:
                return EveryModel;
            case JsonValueKind.Array:
                IReadOnlyList<string> models = Names.ReadList(reader, "thinksAdaptively", Names.ModelCharsMax) ?? [];
                if (models.FirstOrDefault(Names.HasInnerStar) is { } pattern)
                {
                    reader.Report("thinksAdaptively", Names.InnerStar(pattern));
                }

                return models;
            case { } other:
                reader.Report("thinksAdaptively", $"must be true, false or an array of models, not {ObjectReader.Named(other)}.");
                return [];
        }
    }
}
