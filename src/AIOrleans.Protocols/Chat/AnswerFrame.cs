namespace AIOrleans.Protocols.Chat;

/// <summary>What an answer needs besides what the provider said.</summary>
/// <param name="FallbackId">The answer's id where the provider gave none.</param>
/// <param name="FallbackModel">The model's name where the provider gave none: the alias that the client asked for.</param>
/// <param name="CreatedAt">When the answer began; OpenAI's clients are told.</param>
/// <param name="IncludeUsage">True when an OpenAI client asked for usage at the end of its stream.</param>
public sealed record AnswerFrame(string FallbackId, string FallbackModel, DateTimeOffset CreatedAt, bool IncludeUsage = false)
{
    /// <summary>What the client asked for, where its protocol repeats that in answers (responses) or answers in the form asked for (embeddings); null: not known.</summary>
    public CanonicalRequest? Request { get; init; }
}
