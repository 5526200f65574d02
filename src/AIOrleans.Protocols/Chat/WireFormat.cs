namespace AIOrleans.Protocols.Chat;

/// <summary>A format of bodies on the wire. Same on both sides: bytes pass; different: the call goes through the canonical model, see <see cref="RequestTranslator.CanTranslate"/>.</summary>
public enum WireFormat
{
    /// <summary><c>POST /v1/chat/completions</c>.</summary>
    OpenAiChat,

    /// <summary><c>POST /v1/responses</c>.</summary>
    OpenAiResponses,

    /// <summary><c>POST /v1/completions</c>, the legacy text completion.</summary>
    OpenAiCompletions,

    /// <summary><c>POST /v1/embeddings</c>.</summary>
    OpenAiEmbeddings,

    /// <summary><c>POST /v1/messages</c>.</summary>
    Anthropic,

    /// <summary><c>POST /v1beta/models/{model}:generateContent</c> and <c>:streamGenerateContent</c>.</summary>
    Gemini,

    /// <summary><c>POST /v1beta/models/{model}:batchEmbedContents</c>.</summary>
    GeminiEmbeddings,

    /// <summary><c>POST /v1beta/models/{model}:embedContent</c>, for one text.</summary>
    GeminiEmbedContent,

    /// <summary>Amazon Bedrock's <c>POST /model/{model}/converse</c> and <c>/converse-stream</c>. Providers only: no client speaks it to the gateway.</summary>
    Bedrock,

    /// <summary><c>POST /v1/images/generations</c>.</summary>
    OpenAiImages,

    /// <summary><c>POST /v1/images/edits</c>, a form or JSON.</summary>
    OpenAiImageEdits,

    /// <summary><c>POST /v1/images/variations</c>, a form.</summary>
    OpenAiImageVariations,

    /// <summary><c>POST /v1/audio/speech</c>, answered with a sound.</summary>
    OpenAiSpeech,

    /// <summary><c>POST /v1/audio/transcriptions</c>, a form.</summary>
    OpenAiTranscriptions,

    /// <summary><c>POST /v1/audio/translations</c>, a form.</summary>
    OpenAiTranslations,

    /// <summary><c>POST /v1/moderations</c>.</summary>
    OpenAiModerations,

    /// <summary><c>POST /v1/rerank</c> and <c>/v2/rerank</c>, as Cohere, Jina and others have it.</summary>
    Rerank,
}
