using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads the whole body of <c>:generateContent</c> into the canonical model; unknown members are kept beside.</summary>
internal static class GeminiRequestReader
{
    public static CanonicalRequest Read(JsonElement root, CallAddress address, RequestReading reading)
    {
        CanonicalRequest request = new() { Client = WireFormat.Gemini, Model = address.Model, Stream = address.Stream, Messages = [] };
        ImmutableArray<ChatMessage> system = [];
        foreach ((string name, JsonElement value) in GeminiMembers.Of(root, "", reading))
        {
            switch (name)
            {
                case "contents":
                    request = request with { Messages = GeminiContentsReader.Read(value, reading) };
                    break;
                case "systemInstruction":
                    system = GeminiContentsReader.ReadSystem(value, reading);
                    break;
                case "generationConfig" when reading.IsObject(value, "", name):
                    request = GeminiConfigReader.Read(request, value, reading);
                    break;
                case "tools":
                    request = request with { Tools = GeminiToolsReader.ReadTools(value, reading) };
                    break;
                case "toolConfig" when reading.IsObject(value, "", name):
                    request = request with { ToolChoice = GeminiToolsReader.ReadChoice(value, reading) };
                    break;
                case "model" or "generationConfig" or "toolConfig":
                    // The address names the model; the SDKs repeat it here.
                    break;
                default:
                    reading.Keep(name, value, "", WeightOf(name, value));
                    break;
            }
        }

        if (request.Messages.IsEmpty)
        {
            reading.Fail(RequestMistake.Missing("contents"));
        }

        return request with { Messages = [.. system, .. request.Messages], Unknown = reading.Unknown };
    }

    private static FieldWeight WeightOf(string name, JsonElement value) => name switch
    {
        "cachedContent" => FieldWeight.Content,
        "labels" => FieldWeight.Harmless,
        "safetySettings" when IsUnfiltered(value) => FieldWeight.Harmless,
        _ => FieldWeight.Parameter,
    };

    /// <summary>True when every filter is asked to be off, which elsewhere they are; a wish to filter is not dropped lightly.</summary>
    private static bool IsUnfiltered(JsonElement settings) =>
        settings.ValueKind == JsonValueKind.Array && settings.EnumerateArray().All(one => JsonLookups.Text(one, "threshold"u8) is "BLOCK_NONE" or "OFF");
}
