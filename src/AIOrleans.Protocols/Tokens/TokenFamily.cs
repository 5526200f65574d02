namespace AIOrleans.Protocols.Tokens;

/// <summary>Models that cut text into tokens alike.</summary>
public enum TokenFamily
{
    /// <summary>No model that is known: the most that any family would need.</summary>
    Unknown,

    /// <summary>OpenAI since gpt-4o: o-series, gpt-4.1, gpt-5, gpt-oss.</summary>
    O200k,

    /// <summary>OpenAI's gpt-4 and gpt-3.5, and the embeddings.</summary>
    Cl100k,

    /// <summary>Anthropic. Fitted to the last tokenizer that was published, Claude 2's; later ones need more.</summary>
    Claude,

    /// <summary>Google's Gemini and Gemma.</summary>
    Gemini,

    /// <summary>Llama 3 and later, and models with a vocabulary of its size: Qwen, DeepSeek, newer Mistral.</summary>
    Llama,

    /// <summary>Llama 2, Mixtral and Mistral's first models, with a vocabulary of 32 000.</summary>
    SentencePiece,
}
