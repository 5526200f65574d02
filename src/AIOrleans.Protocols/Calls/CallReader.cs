using System.Text.Json;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.Gemini.Embeddings;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.OpenAi.Prompts;
using AIOrleans.Protocols.OpenAi.Responses;

namespace AIOrleans.Protocols.Calls;

/// <summary>Reads of a body what the gateway decides on, in any protocol.</summary>
public static class CallReader
{
    /// <summary>Characters of a model name: bounds log lines and account ids.</summary>
    public const int ModelLengthMax = ChatRequestReader.ModelLengthMax;

    /// <summary>Reads <paramref name="body"/>, or says what is wrong with it: exactly one of both is null. Never throws, whatever the bytes.</summary>
    /// <param name="address">What the address says where the body does not: needed for Gemini.</param>
    /// <returns>The facts refer to <paramref name="body"/> and do not copy it.</returns>
    public static (CallFacts? Call, RequestMistake? Mistake) Read(ReadOnlyMemory<byte> body, WireFormat format, CallAddress? address = null)
    {
        if (format == WireFormat.OpenAiChat)
        {
            (ChatRequest? request, RequestMistake? wrong) = ChatRequestReader.Read(body);
            return (request is null ? null : CallFacts.Of(request), wrong);
        }

        if (body.Length > RequestTranslator.BodyBytesMax)
        {
            return (null, RequestMistake.TooLarge(RequestTranslator.BodyBytesMax));
        }

        using JsonDocument? document = JsonInput.TryParse(body);
        if (document is null)
        {
            return (null, RequestTranslator.WhyNot(body));
        }

        RequestReading reading = new(body);
        CallFacts? call = document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, body, format, address, reading) : null;
        if (call is null)
        {
            return (null, RequestMistake.WrongType("body", "an object", JsonKinds.NameOf(document.RootElement)) with { Param = null });
        }

        return reading.Mistake is { } mistake ? (null, mistake) : (call, null);
    }

    private static CallFacts Read(JsonElement root, ReadOnlyMemory<byte> body, WireFormat format, CallAddress? address, RequestReading reading) => format switch
    {
        WireFormat.OpenAiResponses => ResponsesCallReader.Read(root, body, reading),
        WireFormat.OpenAiCompletions or WireFormat.OpenAiEmbeddings => PromptCallReader.Read(root, body, format, reading),
        WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent =>
            GeminiEmbeddingsCallReader.Read(root, body, format, address ?? throw new ArgumentNullException(nameof(address)), reading),
        WireFormat.Anthropic => AnthropicCallReader.Read(root, body, address?.CountsOnly ?? false, reading),
        WireFormat.Gemini => GeminiCallReader.Read(root, body, address ?? throw new ArgumentNullException(nameof(address)), reading),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No reader of this format."),
    };
}
