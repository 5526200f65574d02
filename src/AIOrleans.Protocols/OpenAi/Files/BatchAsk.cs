using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Files;

/// <summary>What <c>POST /v1/batches</c> asks for; the body passes as it came.</summary>
public sealed record BatchAsk(string InputFile, string Endpoint)
{
    private static readonly string[] Guarded = ["input_file_id", "endpoint", "completion_window"];

    /// <summary>Reads <paramref name="body"/>, or says what is wrong with it: exactly one of both is null. Never throws.</summary>
    public static (BatchAsk? Ask, RequestMistake? Mistake) Read(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        if (document is null)
        {
            return (null, RequestTranslator.WhyNot(body));
        }

        JsonElement root = document.RootElement;
        RequestReading reading = new(body);
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, RequestMistake.WrongType("body", "an object", JsonKinds.NameOf(root)) with { Param = null });
        }

        GuardedNames.Check(root, Guarded, reading);
        BatchAsk ask = new(reading.NeededText(root, "", "input_file_id"), reading.NeededText(root, "", "endpoint"));
        return reading.Mistake is { } mistake ? (null, mistake) : (ask, null);
    }
}
