using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Reads the facts of <c>POST /v1/responses</c>.</summary>
internal static class ResponsesCallReader
{
    private static readonly string[] Guarded =
        ["model", "input", "instructions", "stream", "max_output_tokens", "background", "previous_response_id", "tools", "service_tier"];

    /// <summary>Members that name input which the provider has already.</summary>
    private static readonly string[] References = ["previous_response_id", "conversation", "prompt"];

    public static CallFacts Read(JsonElement root, ReadOnlyMemory<byte> body, RequestReading reading)
    {
        GuardedNames.Check(root, Guarded, reading);
        string model = reading.NeededText(root, "", "model");
        reading.CheckModel(model, "model");
        if (root.TryGetProperty("background"u8, out JsonElement background) && reading.Flag(background, "", "background") == true)
        {
            // Its usage is told to whoever asks later, not here.
            reading.Fail(RequestMistake.BadValue("background", "false: a call whose answer comes later cannot be metered"));
        }

        InputTally tally = new();
        int items = WalkInput(root, reading, tally);
        if (root.TryGetProperty("instructions"u8, out JsonElement instructions))
        {
            tally.AddText(instructions);
        }

        tally.ReadsMore |= References.Any(name => root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null) || RunsTools(root);
        return new CallFacts
        {
            Format = WireFormat.OpenAiResponses,
            Body = body,
            Model = model,
            Stream = root.TryGetProperty("stream"u8, out JsonElement stream) && (reading.Flag(stream, "", "stream") ?? false),
            MaxOutputTokens = root.TryGetProperty("max_output_tokens"u8, out JsonElement bound)
                ? reading.Whole(bound, "", "max_output_tokens", 1, int.MaxValue)
                : null,
            Service = ServiceTiers.OfWire(JsonLookups.Text(root, "service_tier"u8)),
            MessageCount = items,
            ImageCount = tally.Images,
            AudioCount = tally.Sounds,
            FileCount = tally.Files,
            ReadsMore = tally.ReadsMore,
            InputBytes = body.Length - tally.PayloadBytes,
            TextBytes = tally.TextBytes,
            ModelValue = root.TryGetProperty("model"u8, out JsonElement value) ? JsonInput.PlaceOf(value, body) : null,
        };
    }

    private static int WalkInput(JsonElement root, RequestReading reading, InputTally tally)
    {
        if (!root.TryGetProperty("input"u8, out JsonElement input) || input.ValueKind == JsonValueKind.Null)
        {
            return 0;
        }

        tally.AddText(input);
        if (input.ValueKind == JsonValueKind.String || !reading.IsArray(input, "", "input"))
        {
            return 1;
        }

        foreach (JsonElement item in input.EnumerateArray())
        {
            // A reference stands for an item of an earlier answer.
            tally.ReadsMore |= JsonLookups.Text(item, "type"u8) == "item_reference";
            WalkContent(item, "content"u8, tally);
            WalkContent(item, "output"u8, tally);
        }

        return input.GetArrayLength();
    }

    private static void WalkContent(JsonElement item, ReadOnlySpan<byte> name, InputTally tally)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out JsonElement content))
        {
            return;
        }

        tally.AddText(content);
        if (content.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (JsonElement part in content.EnumerateArray())
        {
            switch (JsonLookups.Text(part, "type"u8))
            {
                case "input_image":
                    tally.AddImage(part.TryGetProperty("image_url"u8, out JsonElement address) ? address : default);
                    break;
                case "input_audio":
                    JsonElement audio = JsonLookups.Object(part, "input_audio"u8);
                    tally.AddSound(audio.ValueKind == JsonValueKind.Object && audio.TryGetProperty("data"u8, out JsonElement bytes) ? bytes : default);
                    break;
                case "input_file":
                    tally.AddFile();
                    break;
                default:
                    if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text"u8, out JsonElement text))
                    {
                        tally.AddText(text);
                    }

                    break;
            }
        }
    }

    /// <summary>True for tools that run at OpenAI and feed the model what they find.</summary>
    private static bool RunsTools(JsonElement root) =>
        root.TryGetProperty("tools"u8, out JsonElement tools) && tools.ValueKind == JsonValueKind.Array
            && tools.EnumerateArray().Any(tool => JsonLookups.Text(tool, "type"u8) is not ("function" or "custom"));
}
