using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers;

/// <summary>Which formats a provider speaks.</summary>
public static class ProviderFormats
{
    /// <summary>The format in which a call is made at <paramref name="provider"/>: the client's own where it is spoken there, else one that it can be translated to.</summary>
    /// <returns>Null when the provider cannot serve such calls.</returns>
    public static WireFormat? For(ProviderConfig provider, WireFormat client)
    {
        ReadOnlySpan<WireFormat> spoken = SpokenBy(provider.Kind);
        if (spoken.Contains(client))
        {
            return client;
        }

        foreach (WireFormat format in spoken)
        {
            if (RequestTranslator.CanTranslate(client, format))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>True when the provider counts the tokens of an input without answering it. OpenAI's protocol has no such call.</summary>
    public static bool Counts(ProviderConfig provider) => provider.Kind is ProviderKinds.Anthropic or ProviderKinds.Gemini or ProviderKinds.Bedrock;

    /// <summary>True when the provider keeps files and runs batches, by OpenAI's protocol.</summary>
    public static bool KeepsObjects(ProviderConfig provider) => provider.Kind is ProviderKinds.OpenAi or ProviderKinds.AzureOpenAi;

    private static ReadOnlySpan<WireFormat> SpokenBy(string kind) => kind switch
    {
        ProviderKinds.OpenAi =>
        [
            WireFormat.OpenAiChat, WireFormat.OpenAiResponses, WireFormat.OpenAiCompletions, WireFormat.OpenAiEmbeddings,
            WireFormat.OpenAiImages, WireFormat.OpenAiImageEdits, WireFormat.OpenAiImageVariations,
            WireFormat.OpenAiSpeech, WireFormat.OpenAiTranscriptions, WireFormat.OpenAiTranslations, WireFormat.OpenAiModerations, WireFormat.Rerank,
        ],
        ProviderKinds.AzureOpenAi =>
        [
            WireFormat.OpenAiChat, WireFormat.OpenAiResponses, WireFormat.OpenAiCompletions, WireFormat.OpenAiEmbeddings,
            WireFormat.OpenAiImages, WireFormat.OpenAiImageEdits, WireFormat.OpenAiSpeech, WireFormat.OpenAiTranscriptions, WireFormat.OpenAiTranslations,
        ],
        ProviderKinds.Anthropic => [WireFormat.Anthropic],
        ProviderKinds.Gemini => [WireFormat.Gemini, WireFormat.GeminiEmbeddings, WireFormat.GeminiEmbedContent],
        ProviderKinds.Bedrock => [WireFormat.Bedrock],
        ProviderKinds.Simulated => [WireFormat.OpenAiChat],
        _ => [],
    };
}
