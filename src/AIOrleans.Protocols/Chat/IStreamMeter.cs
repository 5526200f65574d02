using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Chat;

/// <summary>Looks at each event of a provider's stream as it passes: usage, end, errors, and how much was written.</summary>
/// <remarks>Not thread-safe: one per stream. Keeps nothing of the content.</remarks>
public interface IStreamMeter
{
    /// <summary>The last usage told of a whole answer; null while none was, or only garbage: the caller takes <see cref="OutputTokens"/>.</summary>
    TokenUsage? Usage { get; }

    /// <summary>The last usage told while more was to be written: its input is exact, its output only begun. Null where the provider tells nothing then.</summary>
    TokenUsage? InputTold { get; }

    /// <summary>The service tier that the stream was served with, as last told; null: not told.</summary>
    ServiceTier? Service { get; }

    /// <summary>True once the stream is complete. One that ends before is truncated.</summary>
    bool IsDone { get; }

    /// <summary>Set after <see cref="StreamStep.Failed"/>.</summary>
    ChatError? Error { get; }

    /// <summary>The answer's id, from the first event that has one.</summary>
    string? Id { get; }

    /// <summary>The model that answered, as the provider calls it.</summary>
    string? Model { get; }

    /// <summary>The last one told, in the provider's own word.</summary>
    string? FinishReason { get; }

    /// <summary>UTF-8 bytes of all that the model has written so far, thoughts and tool arguments included.</summary>
    long OutputBytes { get; }

    /// <summary>What <see cref="OutputBytes"/> are estimated at, in tokens of the model's family.</summary>
    long OutputTokens { get; }

    /// <summary>Events that brought text.</summary>
    int OutputDeltas { get; }

    /// <summary>The number of the next event to the client, where its protocol counts them (OpenAI's responses); else 0.</summary>
    long NextSequence => 0;

    /// <summary>Reads one event. Never throws, whatever the bytes.</summary>
    StreamStep Read(in SseEvent next);

    /// <summary>To be asked when the provider has closed the stream properly.</summary>
    /// <returns><see cref="StreamStep.Done"/> where that completes the answer, as with Gemini; else <see cref="StreamStep.Garbage"/>.</returns>
    StreamStep End();
}
