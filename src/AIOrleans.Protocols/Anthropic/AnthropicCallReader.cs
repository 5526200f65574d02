using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Reads the facts of <c>POST /v1/messages</c> and <c>/v1/messages/count_tokens</c>.</summary>
internal static class AnthropicCallReader
{
    private static readonly string[] Guarded = ["model", "messages", "max_tokens", "stream", "system", "tools", "service_tier"];

    /// <param name="countsOnly">True for <c>count_tokens</c>, which makes no output.</param>
    public static CallFacts Read(JsonElement root, ReadOnlyMemory<byte> body, bool countsOnly, RequestReading reading)
    {
        GuardedNames.Check(root, Guarded, reading);
        string model = reading.NeededText(root, "", "model");
        reading.CheckModel(model, "model");
        long? maxTokens = root.TryGetProperty("max_tokens"u8, out JsonElement bound) ? reading.Whole(bound, "", "max_tokens", 0, int.MaxValue) : null;
        if (maxTokens is null && !countsOnly)
        {
            reading.Fail(RequestMistake.Missing("max_tokens"));
        }

        InputTally tally = new();
        int messages = WalkMessages(root, reading, tally);
        if (root.TryGetProperty("system"u8, out JsonElement system))
        {
            WalkContent(system, tally);
        }

        WalkTools(root, tally);
        tally.ReadsMore |= root.TryGetProperty("mcp_servers"u8, out _) || root.TryGetProperty("container"u8, out _);
        return new CallFacts
        {
            Format = WireFormat.Anthropic,
            Body = body,
            Model = model,
            Stream = !countsOnly && root.TryGetProperty("stream"u8, out JsonElement stream) && (reading.Flag(stream, "", "stream") ?? false),
            MaxOutputTokens = countsOnly ? 0 : maxTokens,
            Service = ServiceTiers.OfWire(JsonLookups.Text(root, "service_tier"u8)),
            MessageCount = messages,
            ImageCount = tally.Images,
            AudioCount = tally.Sounds,
            FileCount = tally.Files,
            ReadsMore = tally.ReadsMore,
            InputBytes = body.Length - tally.PayloadBytes,
            TextBytes = tally.TextBytes,
            ModelValue = root.TryGetProperty("model"u8, out JsonElement value) ? JsonInput.PlaceOf(value, body) : null,
        };
    }

    private static int WalkMessages(JsonElement root, RequestReading reading, InputTally tally)
    {
        if (!root.TryGetProperty("messages"u8, out JsonElement messages) || !reading.IsArray(messages, "", "messages"))
        {
            reading.Fail(RequestMistake.Missing("messages"));
            return 0;
        }

        int count = 0;
        foreach (JsonElement message in messages.EnumerateArray())
        {
            string path = RequestReading.At("messages", count++);
            if (message.ValueKind != JsonValueKind.Object)
            {
                reading.WrongType(message, path, "", "an object");
                return count;
            }

            reading.NeededText(message, path, "role");
            if (message.TryGetProperty("content"u8, out JsonElement content))
            {
                WalkContent(content, tally);
            }
        }

        if (count == 0)
        {
            reading.Fail(RequestMistake.EmptyArray("messages"));
        }

        return count;
    }

    private static void WalkContent(JsonElement content, InputTally tally)
    {
        tally.AddText(content);
        if (content.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (JsonElement block in content.EnumerateArray())
        {
            if (block.ValueKind == JsonValueKind.Object)
            {
                WalkBlock(block, tally);
            }
        }
    }

    private static void WalkBlock(JsonElement block, InputTally tally)
    {
        JsonElement source = JsonLookups.Object(block, "source"u8);
        JsonElement payload = source.ValueKind == JsonValueKind.Object && source.TryGetProperty("data"u8, out JsonElement bytes) ? bytes : default;
        switch (JsonLookups.Text(block, "type"u8))
        {
            case "image":
                tally.AddImage(JsonLookups.Text(source, "type"u8) == "base64" ? payload : default);
                break;
            case "document" when JsonLookups.Text(source, "type"u8) == "text":
                tally.AddText(payload);
                break;
            case "document" or "container_upload":
                tally.AddFile();
                break;
            default:
                if (block.TryGetProperty("text"u8, out JsonElement text))
                {
                    tally.AddText(text);
                }

                if (block.TryGetProperty("content"u8, out JsonElement inner))
                {
                    WalkContent(inner, tally);
                }

                break;
        }
    }

    /// <summary>Tools that run at Anthropic feed the model what they find.</summary>
    private static void WalkTools(JsonElement root, InputTally tally)
    {
        if (root.TryGetProperty("tools"u8, out JsonElement tools) && tools.ValueKind == JsonValueKind.Array)
        {
            tally.ReadsMore |= tools.EnumerateArray().Any(tool => JsonLookups.Text(tool, "type"u8) is not (null or "custom"));
        }
    }
}
