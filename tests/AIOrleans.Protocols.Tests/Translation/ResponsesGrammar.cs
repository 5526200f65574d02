using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>
/// What OpenAI's clients rely on in a stream of responses: events are numbered without gaps and named twice alike; items and parts are announced before they grow
/// and closed in turn; what is repeated whole is what had come in pieces; the last event has all items.
/// </summary>
internal sealed class ResponsesGrammar
{
    private readonly Dictionary<int, Item> items = [];
    private string? responseId;
    private bool hasEnded;

    /// <summary>Throws what is wrong with <paramref name="stream"/>.</summary>
    /// <param name="isWhole">True when it must have its last event.</param>
    public void Check(ReadOnlyMemory<byte> stream, bool isWhole)
    {
        using SseReader reader = new();
        reader.Append(stream.Span);
        int count = 0;
        while (reader.TryRead(out SseEvent next))
        {
            using JsonDocument document = JsonDocument.Parse(next.Data);
            JsonElement root = document.RootElement;
            string type = Text(root, "type");
            Assert.StartsWith($"event: {type}\n", Encoding.UTF8.GetString(next.Raw.Span), StringComparison.Ordinal);
            Assert.Equal(count, root.GetProperty("sequence_number").GetInt32());
            Assert.False(hasEnded, $"{type} after the end");
            Assert.Equal(count switch { 0 => "response.created", 1 => "response.in_progress", _ => type }, type);
            Follow(type, root);
            count++;
        }

        Assert.Equal(isWhole, hasEnded);
    }

    /// <summary>True for a complete response with all that its clients require.</summary>
    public static bool IsAnswer(ReadOnlyMemory<byte> body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        string status = Text(root, "status");
        return Text(root, "object") == "response" && Text(root, "id").Length > 0 && status is "completed" or "incomplete" or "failed"
            && (status == "failed") == (root.GetProperty("error").ValueKind == JsonValueKind.Object)
            && (status == "incomplete") == (root.GetProperty("incomplete_details").ValueKind == JsonValueKind.Object)
            && root.GetProperty("created_at").TryGetInt64(out _) && root.GetProperty("tools").ValueKind == JsonValueKind.Array
            && root.GetProperty("output").EnumerateArray().All(item => Text(item, "id").Length is > 0 and <= 64 && Text(item, "type") is "message" or "reasoning" or "function_call");
    }

    private void Follow(string type, JsonElement root)
    {
        switch (type)
        {
            case "response.created" or "response.in_progress":
                JsonElement begun = root.GetProperty("response");
                responseId ??= Text(begun, "id");
                Assert.Equal((responseId, "in_progress", 0), (Text(begun, "id"), Text(begun, "status"), begun.GetProperty("output").GetArrayLength()));
                break;
            case "response.output_item.added":
                int index = root.GetProperty("output_index").GetInt32();
                Assert.Equal(items.Count, index);
                items.Add(index, new Item(Text(root.GetProperty("item"), "id"), Text(root.GetProperty("item"), "type")));
                break;
            case "response.completed" or "response.incomplete" or "response.failed":
                hasEnded = true;
                End(type, root.GetProperty("response"));
                break;
            case "response.output_item.done":
                Item done = items[root.GetProperty("output_index").GetInt32()];
                Assert.Null(done.Done);
                Assert.False(done.IsGrowing, "an item is done while a part of it grows");
                done.Done = root.GetProperty("item").GetRawText();
                done.CheckDone(root.GetProperty("item"));
                break;
            default:
                Item item = items[root.GetProperty("output_index").GetInt32()];
                Assert.Null(item.Done);
                Assert.Equal(item.Id, Text(root, "item_id"));
                item.Follow(type, root);
                break;
        }
    }

    private void End(string type, JsonElement response)
    {
        Assert.Equal((responseId, type["response.".Length..]), (Text(response, "id"), Text(response, "status")));
        Assert.Equal(items.Values.Select(item => item.Done), response.GetProperty("output").EnumerateArray().Select(item => item.GetRawText()));
        Assert.True(IsAnswer(Encoding.UTF8.GetBytes(response.GetRawText())));
    }

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString() ?? "";

    /// <summary>An item as a client sees it grow.</summary>
    private sealed class Item(string id, string type)
    {
        private readonly List<string> parts = [];
        private readonly StringBuilder grown = new();
        private bool isTextDone;

        public string Id => id;

        public bool IsGrowing { get; private set; }

        public string? Done { get; set; }

        public void Follow(string step, JsonElement root)
        {
            switch (step)
            {
                case "response.content_part.added" or "response.reasoning_summary_part.added":
                    Assert.False(IsGrowing);
                    Assert.Equal(step.Contains("content", StringComparison.Ordinal) ? "message" : "reasoning", type);
                    IsGrowing = true;
                    break;
                case "response.output_text.delta" or "response.refusal.delta" or "response.reasoning_summary_text.delta":
                    Assert.True(IsGrowing && !isTextDone);
                    CheckIndex(root);
                    grown.Append(Text(root, "delta"));
                    break;
                case "response.function_call_arguments.delta":
                    Assert.Equal("function_call", type);
                    Assert.False(isTextDone);
                    IsGrowing = true;
                    grown.Append(Text(root, "delta"));
                    break;
                case "response.output_text.done" or "response.reasoning_summary_text.done":
                    EndText(Text(root, "text"));
                    break;
                case "response.refusal.done":
                    EndText(Text(root, "refusal"));
                    break;
                case "response.function_call_arguments.done":
                    EndText(Text(root, "arguments"));
                    EndPart();
                    break;
                case "response.content_part.done" or "response.reasoning_summary_part.done":
                    Assert.True(isTextDone);
                    CheckIndex(root);
                    JsonElement part = root.GetProperty("part");
                    Assert.Equal(grown.ToString(), Text(part, Text(part, "type") == "refusal" ? "refusal" : "text"));
                    EndPart();
                    break;
                default:
                    Assert.Fail($"{step} is no event of a response");
                    break;
            }
        }

        public void CheckDone(JsonElement item)
        {
            Assert.Equal((id, type), (Text(item, "id"), Text(item, "type")));
            string[] told = type switch
            {
                "function_call" => [Text(item, "arguments")],
                "reasoning" => [.. item.GetProperty("summary").EnumerateArray().Select(part => Text(part, "text"))],
                _ => [.. item.GetProperty("content").EnumerateArray().Select(part => Text(part, Text(part, "type") == "refusal" ? "refusal" : "text"))],
            };
            Assert.Equal(parts, told);
        }

        private void CheckIndex(JsonElement root) => Assert.Equal(parts.Count, root.GetProperty(type == "message" ? "content_index" : "summary_index").GetInt32());

        private void EndText(string whole)
        {
            Assert.True(IsGrowing && !isTextDone);
            Assert.Equal(grown.ToString(), whole);
            isTextDone = true;
        }

        private void EndPart()
        {
            parts.Add(grown.ToString());
            grown.Clear();
            (IsGrowing, isTextDone) = (false, false);
        }
    }
}
