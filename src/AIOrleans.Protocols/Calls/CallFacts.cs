using System.Collections.Immutable;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Calls;

/// <summary>What the gateway must understand of a client's call, whatever its protocol; everything else stays in <see cref="Body"/> untouched.</summary>
public sealed record CallFacts
{
    public required WireFormat Format { get; init; }

    /// <summary>The body as it came. Shared, not copied: it must not change while the call lives.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The <c>Content-Type</c> of a form, with its boundary; null for JSON.</summary>
    public string? ContentType { get; init; }

    /// <summary>The alias that the client named, 1 to 256 characters.</summary>
    public required string Model { get; init; }

    public bool Stream { get; init; }

    /// <summary>True when an OpenAI client itself wants the usage chunk at the end of the stream.</summary>
    public bool IncludeUsageAsked { get; init; }

    /// <summary>Most output tokens of one answer; null: not bounded by the client.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The service tier asked for; null: the choice is left to the provider.</summary>
    public ServiceTier? Service { get; init; }

    /// <summary>Answers asked for, 1..128. Each may use <see cref="MaxOutputTokens"/>.</summary>
    public int N { get; init; } = 1;

    public int MessageCount { get; init; }

    /// <summary>Inputs that the model reads one by one, each up to its context: more than 1 only for lists of prompts.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>Images; their tokens follow from their number, not from their bytes.</summary>
    public int ImageCount { get; init; }

    /// <summary>Sounds.</summary>
    public int AudioCount { get; init; }

    /// <summary>Files and films, which the provider takes apart.</summary>
    public int FileCount { get; init; }

    /// <summary>True when the provider reads input that the body only refers to: files, caches, results of its own tools. Only the context bounds it then.</summary>
    public bool ReadsMore { get; init; }

    /// <summary>Body bytes without the payloads of images and audio. No token is shorter than a byte, so this bounds the text tokens from above.</summary>
    public long InputBytes { get; init; }

    /// <summary>UTF-8 bytes of all texts once unescaped: what a token estimate starts from.</summary>
    public long TextBytes { get; init; }

    /// <summary>Most that the call is counted by the piece, images read apart.</summary>
    public UsageUnits Units { get; init; }

    /// <summary>The same as it will probably be.</summary>
    public UsageUnits LikelyUnits { get; init; }

    /// <summary>True when the answer is the bytes of a file, to be passed on as they come.</summary>
    public bool HasBytesAnswer => Format == WireFormat.OpenAiSpeech && !Stream;

    /// <summary>True when the body is a form: <see cref="ModelValue"/> is bare text then.</summary>
    internal bool IsForm { get; init; }

    /// <summary>Where the model would stand in a body that leaves it out; null when it does not.</summary>
    internal int? ModelInsertAt { get; init; }

    /// <summary>Where the model stands in the body; null when it is in the address.</summary>
    internal BodySpan? ModelValue { get; init; }

    /// <summary>Where a body repeats the model of its address, as <c>models/…</c>, in order.</summary>
    internal ImmutableArray<BodySpan> ModelNames { get; init; } = [];

    /// <summary>What a patch changes of a body whose streams tell usage only when asked, as OpenAI's do; null for the others.</summary>
    internal StreamPatch? Patchable { get; init; }

    /// <summary>What a hold is sized from.</summary>
    public CallShape ToShape() => new(InputBytes, ImageCount, ReadsMore, MaxOutputTokens, N, Service, Inputs, Units, LikelyUnits);

    internal static CallFacts Of(ChatRequest request) => new()
    {
        Format = WireFormat.OpenAiChat,
        Body = request.Body,
        Model = request.Model,
        Stream = request.Stream,
        IncludeUsageAsked = request.IncludeUsageAsked,
        MaxOutputTokens = request.MaxOutputTokens,
        Service = request.Service,
        N = request.N,
        MessageCount = request.MessageCount,
        ImageCount = request.ImageCount,
        AudioCount = request.AudioCount,
        FileCount = request.FileCount,
        ReadsMore = request.FileCount > 0 || request.AudioCount > 0,
        InputBytes = request.InputBytes,
        TextBytes = request.TextBytes,
        ModelValue = request.ModelValue,
        Patchable = new StreamPatch(request.Body, request.Model, request.ModelValue, request.Stream, request.Options),
    };
}
