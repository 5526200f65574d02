using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Bedrock;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.Gemini.Embeddings;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi.Prompts;
using AIOrleans.Protocols.OpenAi.Responses;
using AIOrleans.Protocols.OpenAi.Translation;

namespace AIOrleans.Protocols.Chat;

/// <summary>A request in the words of another protocol.</summary>
/// <param name="Omitted">The client's fields that were left out, at most 32: harmless ones, and what the client agreed to lose.</param>
public sealed record TranslatedRequest(ReadOnlyMemory<byte> Body, ImmutableArray<string> Omitted);

/// <summary>Reads a client's request into the canonical model, and writes it for a provider of another protocol.</summary>
public static class RequestTranslator
{
    /// <summary>64 MiB: room for a few inline images. The gateway may bound bodies lower.</summary>
    public const int BodyBytesMax = 64 * 1024 * 1024;

    /// <summary>True when calls of <paramref name="client"/> can be made at <paramref name="provider"/>, which is another format.</summary>
    public static bool CanTranslate(WireFormat client, WireFormat provider) => client != provider && ((IsChatClient(client) && IsChatProvider(provider)) || CanEmbed(client, provider));

    /// <summary>Reads <paramref name="body"/>, or says what is wrong with it: exactly one of both is null. Never throws, whatever the bytes.</summary>
    /// <param name="address">What the address says where the body does not; null for the formats that say all in the body.</param>
    /// <returns>The request refers to <paramref name="body"/> and does not copy its payloads.</returns>
    public static (CanonicalRequest? Request, RequestMistake? Mistake) Read(ReadOnlyMemory<byte> body, WireFormat client, CallAddress? address = null)
    {
        if (body.Length > BodyBytesMax)
        {
            return (null, RequestMistake.TooLarge(BodyBytesMax));
        }

        using JsonDocument? document = JsonInput.TryParse(body);
        if (document is null)
        {
            return (null, WhyNot(body));
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return (null, RequestMistake.WrongType("body", "an object", JsonKinds.NameOf(document.RootElement)) with { Param = null });
        }

        RequestReading reading = new(body);
        CanonicalRequest request = Read(document.RootElement, client, address, reading);
        PartPlaces.Check(request.Messages, reading);
        return reading.Mistake is { } mistake ? (null, mistake) : (request, null);
    }

    /// <summary>Writes <paramref name="request"/> for a provider, or says which field of the client's it cannot express: exactly one of both is null.</summary>
    public static (TranslatedRequest? Translated, RequestMistake? Mistake) Write(CanonicalRequest request, WireFormat provider, UpstreamShape shape)
    {
        ArrayBufferWriter<byte> output = new(4096);
        Losses losses = new(request.Client, provider, shape.DropUnsupported);

        // Told before anything else: without what is kept elsewhere the rest may look empty.
        losses.Unknown([.. request.Unknown.Where(field => field.Weight == FieldWeight.Content)]);
        using (Utf8JsonWriter writer = new(output, JsonInput.WriterOptions))
        {
            Write(writer, request, provider, shape, losses);
        }

        return losses.Mistake is { } mistake ? (null, mistake) : (new TranslatedRequest(output.WrittenMemory, losses.Omitted), null);
    }

    /// <summary>Why a body could not be parsed.</summary>
    internal static RequestMistake WhyNot(ReadOnlyMemory<byte> body) =>
        JsonInput.FindDuplicate(body) is { } path ? RequestMistake.Duplicate(path) : RequestMistake.NotJson;

    private static bool IsChatClient(WireFormat format) =>
        format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses or WireFormat.OpenAiCompletions or WireFormat.Anthropic or WireFormat.Gemini;

    private static bool IsChatProvider(WireFormat format) => format is WireFormat.OpenAiChat or WireFormat.Anthropic or WireFormat.Gemini or WireFormat.Bedrock;

    private static bool CanEmbed(WireFormat client, WireFormat provider) => client switch
    {
        WireFormat.OpenAiEmbeddings => provider == WireFormat.GeminiEmbeddings,
        WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent => provider == WireFormat.OpenAiEmbeddings,
        _ => false,
    };

    private static CanonicalRequest Read(JsonElement root, WireFormat client, CallAddress? address, RequestReading reading) => client switch
    {
        WireFormat.OpenAiChat => OpenAiRequestReader.Read(root, reading),
        WireFormat.OpenAiResponses => ResponsesRequestReader.Read(root, reading),
        WireFormat.OpenAiCompletions => CompletionsRequestReader.Read(root, reading),
        WireFormat.OpenAiEmbeddings => EmbeddingsRequestReader.Read(root, reading),
        WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent =>
            GeminiEmbeddingsRequestReader.Read(root, client, address ?? throw new ArgumentNullException(nameof(address)), reading),
        WireFormat.Anthropic => AnthropicRequestReader.Read(root, address?.CountsOnly ?? false, reading),
        WireFormat.Gemini => GeminiRequestReader.Read(root, address ?? throw new ArgumentNullException(nameof(address)), reading),
        _ => throw new ArgumentOutOfRangeException(nameof(client), client, "No reader of this format."),
    };

    private static void Write(Utf8JsonWriter writer, CanonicalRequest request, WireFormat provider, UpstreamShape shape, Losses losses)
    {
        switch (provider)
        {
            case WireFormat.OpenAiChat:
                OpenAiRequestWriter.Write(writer, request, shape, losses);
                break;
            case WireFormat.OpenAiEmbeddings:
                EmbeddingsRequestWriter.Write(writer, request, shape, losses);
                break;
            case WireFormat.GeminiEmbeddings:
                GeminiEmbeddingsRequestWriter.Write(writer, request, shape, losses);
                break;
            case WireFormat.Anthropic:
                AnthropicRequestWriter.Write(writer, request, shape, losses);
                break;
            case WireFormat.Gemini:
                GeminiRequestWriter.Write(writer, request, shape, losses);
                break;
            case WireFormat.Bedrock:
                BedrockRequestWriter.Write(writer, request, shape, losses);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(provider), provider, "No writer of this format.");
        }
    }
}
