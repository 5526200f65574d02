using AIOrleans.Core.Money;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>A chat completion request as far as the gateway must understand it; everything else stays in <see cref="Body"/> untouched.</summary>
public sealed class ChatRequest
{
    internal ChatRequest()
    {
    }

    /// <summary>The body as it came. Shared, not copied: it must not change while the request lives.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The alias that the client named. Never empty.</summary>
    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>True when the client itself wants the usage chunk at the end of the stream.</summary>
    public required bool IncludeUsageAsked { get; init; }

    /// <summary>Most output tokens of one choice, at least 1; <c>max_completion_tokens</c> wins over <c>max_tokens</c>. Null: not bounded by the client.</summary>
    public required long? MaxOutputTokens { get; init; }

    /// <summary>The service tier asked for; null: the choice is left to the provider.</summary>
    public required ServiceTier? Service { get; init; }

    /// <summary>Choices asked for, 1..128. Each may use <see cref="MaxOutputTokens"/>.</summary>
    public required int N { get; init; }

    public required int MessageCount { get; init; }

    /// <summary>Image parts; their tokens follow from their number, not from their bytes.</summary>
    public required int ImageCount { get; init; }

    /// <summary>Audio parts.</summary>
    public required int AudioCount { get; init; }

    /// <summary>File parts. A file given by id is read by the provider: no bound on its tokens follows from this body.</summary>
    public required int FileCount { get; init; }

    /// <summary>Body bytes without the payloads of images and audio. No token is shorter than a byte, so this bounds the text tokens from above.</summary>
    public required long InputBytes { get; init; }

    /// <summary>Base64 characters of audio payloads.</summary>
    public required long AudioBytes { get; init; }

    /// <summary>UTF-8 bytes of all message texts once unescaped: what a token estimate starts from.</summary>
    public required long TextBytes { get; init; }

    /// <summary>Where <c>messages</c> stands in <see cref="Body"/>.</summary>
    public required BodySpan Messages { get; init; }

    internal BodySpan ModelValue { get; init; }

    internal StreamOptions Options { get; init; }
}

/// <summary>What a patch must know of <c>stream_options</c>.</summary>
/// <param name="Value">The whole value; null when the member is absent.</param>
/// <param name="IsObject">False when it is null or absent.</param>
/// <param name="IsEmpty">An object without members.</param>
/// <param name="IncludeUsageValue">Null when absent within the object.</param>
/// <param name="IncludeUsage">Its value.</param>
internal readonly record struct StreamOptions(BodySpan? Value, bool IsObject, bool IsEmpty, BodySpan? IncludeUsageValue, bool IncludeUsage);
