using System.Text.Json;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Forms;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.Gemini.Embeddings;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.OpenAi.Media;
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
    /// <param name="contentType">The <c>Content-Type</c> of the body: needed where it may be a form.</param>
    /// <returns>The facts refer to <paramref name="body"/> and do not copy it.</returns>
    public static (CallFacts? Call, RequestMistake? Mistake) Read(ReadOnlyMemory<byte> body, WireFormat format, CallAddress? address = null, string? contentType = null)
    {
        if (format == WireFormat.OpenAiChat)
        {
            (ChatRequest? request, RequestMistake? wrong) = ChatRequestReader.Read(body);
            return (request is null ? null : CallFacts.Of(request), wrong);
        }

        if (contentType is not null && format.TakesForm() && FormReader.BoundaryOf(contentType) is { } boundary)
        {
            return FormCallReader.Read(body, contentType, boundary, format);
        }

        if (format.NeedsForm())
        {
            return (null, RequestMistake.FormExpected);
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
        _ when format.IsMedia() => MediaCallReader.Read(root, body, format, reading),
        WireFormat.Anthropic => AnthropicCallReader.Read(root, body, address?.CountsOnly ?? false, reading),
        WireFormat.Gemini => GeminiCallReader.Read(root, body, address ?? throw new ArgumentNullException(nameof(address)), reading),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No reader of this format."),
    };
}
