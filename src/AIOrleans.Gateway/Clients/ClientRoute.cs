using AIOrleans.Core.Objects;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Gateway.Clients;

/// <summary>What the address of a call says: the format that its client speaks, what it is counted as, and what Gemini's addresses say of the call itself.</summary>
/// <param name="Operation">The name that quotas of operations count it under.</param>
internal sealed record ClientRoute(WireFormat Format, string Operation, CallAddress? Address = null)
{
    /// <summary>Answers of a model to a conversation, in any protocol.</summary>
    private const string ChatOperation = "chat";

    /// <summary>Vectors of texts, in any protocol.</summary>
    private const string EmbeddingsOperation = "embeddings";

    private const string ImagesOperation = "images";

    /// <summary>Text of what is said in a recording, translated or not.</summary>
    private const string TranscriptionOperation = "audio_transcription";

    public static ClientRoute Chat { get; } = new(WireFormat.OpenAiChat, ChatOperation);

    public static ClientRoute Responses { get; } = new(WireFormat.OpenAiResponses, ChatOperation);

    public static ClientRoute Completions { get; } = new(WireFormat.OpenAiCompletions, "completions");

    public static ClientRoute Embeddings { get; } = new(WireFormat.OpenAiEmbeddings, EmbeddingsOperation);

    public static ClientRoute Images { get; } = new(WireFormat.OpenAiImages, ImagesOperation);

    public static ClientRoute ImageEdits { get; } = new(WireFormat.OpenAiImageEdits, ImagesOperation);

    public static ClientRoute ImageVariations { get; } = new(WireFormat.OpenAiImageVariations, ImagesOperation);

    public static ClientRoute Speech { get; } = new(WireFormat.OpenAiSpeech, "audio_speech");

    public static ClientRoute Transcriptions { get; } = new(WireFormat.OpenAiTranscriptions, TranscriptionOperation);

    public static ClientRoute Translations { get; } = new(WireFormat.OpenAiTranslations, TranscriptionOperation);

    public static ClientRoute Moderations { get; } = new(WireFormat.OpenAiModerations, "moderations");

    public static ClientRoute Rerank { get; } = new(WireFormat.Rerank, "rerank");

    /// <summary>Files that providers keep.</summary>
    public static ClientRoute Files { get; } = new(WireFormat.OpenAiChat, "files");

    /// <summary>Calls that a provider makes within a day.</summary>
    public static ClientRoute Batches { get; } = new(WireFormat.OpenAiChat, BatchWork.Operation);

    public static ClientRoute Messages { get; } = new(WireFormat.Anthropic, ChatOperation);

    public static ClientRoute CountTokens { get; } = new(WireFormat.Anthropic, "count_tokens", new CallAddress("", Stream: false, CountsOnly: true));

    /// <summary>Lists of models, which are not counted.</summary>
    public static ClientRoute OpenAiModels { get; } = new(WireFormat.OpenAiChat, "models");

    /// <inheritdoc cref="OpenAiModels"/>
    public static ClientRoute AnthropicModels { get; } = new(WireFormat.Anthropic, "models");

    /// <inheritdoc cref="OpenAiModels"/>
    public static ClientRoute GeminiModels { get; } = new(WireFormat.Gemini, "models");

    public ClientProtocol Protocol { get; } = ClientProtocol.Of(Format);

    /// <summary>True for calls that have their input counted instead of answered.</summary>
    public bool CountsOnly => Address is { CountsOnly: true };

    /// <summary>Reads <c>{model}:{method}</c>; null when Gemini has no such method.</summary>
    public static ClientRoute? OfGemini(string call)
    {
        int colon = call.LastIndexOf(':');
        string model = colon > 0 ? call[..colon] : "";
        return (model.Length > 0 ? call[(colon + 1)..] : "") switch
        {
            "generateContent" => new(WireFormat.Gemini, ChatOperation, new CallAddress(model, Stream: false)),
            "streamGenerateContent" => new(WireFormat.Gemini, ChatOperation, new CallAddress(model, Stream: true)),
            "batchEmbedContents" => new(WireFormat.GeminiEmbeddings, EmbeddingsOperation, new CallAddress(model, Stream: false)),
            "embedContent" => new(WireFormat.GeminiEmbedContent, EmbeddingsOperation, new CallAddress(model, Stream: false)),
            "countTokens" => new(WireFormat.Gemini, "count_tokens", new CallAddress(model, Stream: false, CountsOnly: true)),
            _ => null,
        };
    }
}
