using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Files;

/// <summary>A line of the input of a batch: one call.</summary>
/// <param name="CustomId">The client's own name of it.</param>
/// <param name="Endpoint">The address that it calls.</param>
/// <param name="Call">Refers to the line, which must not change meanwhile.</param>
public sealed record BatchLine(string CustomId, string Endpoint, CallFacts Call)
{
    private const int CustomIdLengthMax = 512;

    private static readonly string[] Guarded = ["custom_id", "method", "url", "body"];

    private ReadOnlyMemory<byte> Line { get; init; }

    private BodySpan Body { get; init; }

    /// <summary>The format of calls of <paramref name="endpoint"/>; null when batches of it are not served.</summary>
    public static WireFormat? FormatOf(string endpoint) => endpoint switch
    {
        // Azure leaves the version out.
        "/v1/chat/completions" or "/chat/completions" => WireFormat.OpenAiChat,
        "/v1/responses" or "/responses" => WireFormat.OpenAiResponses,
        "/v1/completions" or "/completions" => WireFormat.OpenAiCompletions,
        "/v1/embeddings" or "/embeddings" => WireFormat.OpenAiEmbeddings,
        _ => null,
    };

    /// <summary>Reads a line without its end, or says what is wrong with it: exactly one of both is null. Never throws.</summary>
    public static (BatchLine? Line, RequestMistake? Mistake) Read(ReadOnlyMemory<byte> line)
    {
        using JsonDocument? document = JsonInput.TryParse(line);
        if (document is null)
        {
            return (null, RequestTranslator.WhyNot(line));
        }

        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, RequestMistake.WrongType("body", "an object", JsonKinds.NameOf(root)) with { Param = null });
        }

        RequestReading reading = new(line);
        GuardedNames.Check(root, Guarded, reading);
        string customId = reading.NeededText(root, "", "custom_id");
        string endpoint = reading.NeededText(root, "", "url");
        if (customId.Length > CustomIdLengthMax)
        {
            reading.Fail(RequestMistake.TooLong("custom_id", CustomIdLengthMax));
        }

        if (reading.NeededText(root, "", "method") != "POST")
        {
            reading.Fail(RequestMistake.BadValue("method", "'POST'"));
        }

        if (FormatOf(endpoint) is not { } format)
        {
            reading.Fail(RequestMistake.BadValue("url", "one of '/v1/chat/completions', '/v1/responses', '/v1/completions' and '/v1/embeddings'"));
            return (null, reading.Mistake);
        }

        if (!root.TryGetProperty("body"u8, out JsonElement body) || !reading.IsObject(body, "", "body"))
        {
            reading.Fail(RequestMistake.Missing("body"));
        }

        return reading.Mistake is { } mistake ? (null, mistake) : ReadCall(line, JsonInput.PlaceOf(body, line), customId, endpoint, format);
    }

    /// <summary>The line with another model; every other byte stays.</summary>
    public byte[] WithModel(string model) => [.. Line.Span[..Body.Start], .. CallPatch.Apply(Call, model).Span, .. Line.Span[Body.End..]];

    private static (BatchLine? Line, RequestMistake? Mistake) ReadCall(ReadOnlyMemory<byte> line, BodySpan at, string customId, string endpoint, WireFormat format)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(line.Slice(at.Start, at.Length), format);
        if (call is null)
        {
            return (null, mistake);
        }

        return call switch
        {
            { Stream: true } => (null, RequestMistake.BadValue("stream", "false: a batch has no streams")),
            { Service: ServiceTier.Priority or ServiceTier.Flex } => (null, RequestMistake.BadValue("service_tier", "'auto': batches have a price of their own")),
            _ => (new BatchLine(customId, endpoint, call) { Line = line, Body = at }, null),
        };
    }
}
