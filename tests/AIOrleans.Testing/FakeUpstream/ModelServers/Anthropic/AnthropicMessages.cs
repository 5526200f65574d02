using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads <c>messages</c>, checks that calls of tools and their results stand together, and verifies thoughts.</summary>
internal static class AnthropicMessages
{
    public static void Read(StrictObject body, ModelTask task, Signatures signatures)
    {
        List<ModelTurn> turns = task.Turns;
        foreach (StrictObject message in body.Objects("messages"))
        {
            message.Only("role", "content");
            if (message.Text("role") == "system" && turns.Count > 0)
            {
                string word = string.Concat(ReadContent(message, task, isModels: false, signatures).OfType<ModelPart.Text>().Select(part => part.Value));
                task.Instructions = task.Instructions.Length == 0 ? word : $"{task.Instructions} + {word}";
                continue;
            }

            bool isModels = RoleOf(message);
            List<ModelPart> parts = ReadContent(message, task, isModels, signatures);
            CheckResults(message, parts, turns);
            if (turns.Count > 0 && turns[^1].IsModels == isModels)
            {
                turns[^1].Parts.AddRange(parts);
            }
            else
            {
                turns.Add(new ModelTurn(isModels, parts));
            }
        }

        if (turns.Count == 0)
        {
            throw AnthropicWords.Refuse("messages: at least one message is required");
        }

        if (turns[0].IsModels)
        {
            throw AnthropicWords.Refuse("messages: first message must use the \"user\" role");
        }

        CheckEnd(task);
    }

    private static bool RoleOf(StrictObject message) => message.Text("role") switch
    {
        "user" => false,
        "assistant" => true,
        "system" => throw AnthropicWords.Refuse("messages: Unexpected role \"system\". Instructions for the whole conversation go in the top-level `system` parameter."),
        _ => throw AnthropicWords.Refuse($"{message.Path}.role: Input should be 'user' or 'assistant'"),
    };

    private static List<ModelPart> ReadContent(StrictObject message, ModelTask task, bool isModels, Signatures signatures)
    {
        if (message.Needed("content").ValueKind == JsonValueKind.String)
        {
            string text = message.Text("content");
            if (text.Length == 0)
            {
                throw AnthropicWords.Refuse($"{message.Path}: user messages must have non-empty content");
            }

            task.Read(text);
            return [new ModelPart.Text(text)];
        }

        List<ModelPart> parts = [];
        foreach (StrictObject block in message.Objects("content"))
        {
            parts.AddRange(ReadBlock(block, task, isModels, signatures));
        }

        return parts.Count > 0 ? parts : throw AnthropicWords.Refuse($"{message.Path}: {(isModels ? "all messages" : "user messages")} must have non-empty content");
    }

    private static List<ModelPart> ReadBlock(StrictObject block, ModelTask task, bool isModels, Signatures signatures)
    {
        switch (block.Text("type"), isModels)
        {
            case ("text", _):
                string text = block.Only("type", "text", "cache_control", "citations").Text("text");
                if (string.IsNullOrEmpty(text))
                {
                    throw AnthropicWords.Refuse("messages: text content blocks must be non-empty");
                }

                task.Read(text, AnthropicReader.CacheOf(block));
                return [new ModelPart.Text(text)];
            case ("image" or "document", false):
                return [ReadMedia(block, task)];
            case ("tool_use", true):
                block.Only("type", "id", "name", "input", "cache_control", "caller");
                StrictObject input = block.Object("input") ?? throw AnthropicWords.Instance.Missing(block.PathOf("input"));
                task.Read(input.Element.GetRawText(), AnthropicReader.CacheOf(block));
                return [new ModelPart.Call(block.Text("id"), block.Text("name"), input.Element)];
            case ("tool_result", false):
                return ReadResult(block, task);
            case ("thinking", true):
                block.Only("type", "thinking", "signature");
                if (!signatures.IsOwn(block.Text("thinking"), block.Text("signature")))
                {
                    throw AnthropicWords.Refuse($"{block.Path}: Invalid `signature` in `thinking` block");
                }

                return [new ModelPart.Thought()];
            case ("redacted_thinking", true):
                throw AnthropicWords.Refuse($"{block.Path}: Invalid `data` in `redacted_thinking` block");
            default:
                throw AnthropicWords.Refuse($"{block.Path}: Input tag '{block.Text("type")}' found using 'type' does not match any of the expected tags: {(isModels ? "'text', 'thinking', 'tool_use'" : "'document', 'image', 'text', 'tool_result'")}");
        }
    }

    private static ModelPart.Media ReadMedia(StrictObject block, ModelTask task)
    {
        bool isImage = block.Text("type") == "image";
        block.Only("type", "source", "cache_control", "title", "context", "citations");
        StrictObject source = block.Object("source") ?? throw AnthropicWords.Instance.Missing(block.PathOf("source"));
        source.Only("type", "media_type", "data", "url", "file_id");
        ModelPart.Media media;
        switch (source.Text("type"))
        {
            case "base64":
                string type = (isImage ? source.Choice("media_type", "image/jpeg", "image/png", "image/gif", "image/webp") : source.Choice("media_type", "application/pdf"))
                    ?? throw AnthropicWords.Instance.Missing(source.PathOf("media_type"));
                media = ModelPart.Media.OfBytes(type, source.Bytes("data"));
                break;
            case "text" when !isImage:
                source.Choice("media_type", "text/plain");
                media = ModelPart.Media.OfBytes("text/plain", System.Text.Encoding.UTF8.GetBytes(source.Text("data")));
                break;
            case "url":
                media = new ModelPart.Media("url", source.Text("url"));
                break;
            default:
                throw AnthropicWords.Refuse($"{source.Path}: Input tag '{source.Text("type")}' found using 'type' does not match any of the expected tags: 'base64', 'url'");
        }

        task.Read(media, AnthropicReader.CacheOf(block));
        return media;
    }

    /// <summary>A result, and what it brings beside text.</summary>
    private static List<ModelPart> ReadResult(StrictObject block, ModelTask task)
    {
        block.Only("type", "tool_use_id", "content", "is_error", "cache_control");
        List<ModelPart> parts = [];
        string text = "";
        if (block.Any("content") is { ValueKind: JsonValueKind.String } plain)
        {
            text = plain.GetString() ?? "";
            task.Read(text, AnthropicReader.CacheOf(block));
        }
        else
        {
            foreach (StrictObject inner in block.Objects("content"))
            {
                if (inner.Text("type") == "text")
                {
                    text += inner.Only("type", "text", "cache_control", "citations").Text("text");
                }
                else
                {
                    parts.Add(ReadMedia(inner, task));
                }
            }

            task.Read(text, AnthropicReader.CacheOf(block));
        }

        parts.Insert(0, new ModelPart.Result(block.Text("tool_use_id"), null, text, block.Flag("is_error") == true));
        return parts;
    }

    private static void CheckResults(StrictObject message, List<ModelPart> parts, List<ModelTurn> turns)
    {
        string[] open = turns.Count > 0 && turns[^1].IsModels ? [.. turns[^1].Parts.OfType<ModelPart.Call>().Select(call => call.Id)] : [];
        string[] answered = [.. parts.OfType<ModelPart.Result>().Select(result => result.CallId)];
        string[] foreign = [.. answered.Except(open)];
        if (foreign.Length > 0)
        {
            throw AnthropicWords.Refuse(
                $"{message.Path}.content.0: unexpected `tool_use_id` found in `tool_result` blocks: {foreign[0]}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
        }

        string[] missing = RoleOf(message) ? [] : [.. open.Except(answered)];
        if (missing.Length > 0)
        {
            throw Unanswered(missing);
        }
    }

    private static WireRefusalException Unanswered(string[] ids) => AnthropicWords.Refuse(
        $"messages: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", ids)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.");

    private static void CheckEnd(ModelTask task)
    {
        ModelTurn last = task.Turns[^1];
        if (last.IsModels && last.Parts.Any(part => part is ModelPart.Call))
        {
            throw Unanswered([.. last.Parts.OfType<ModelPart.Call>().Select(call => call.Id)]);
        }

        if (last.IsModels && last.Text.EndsWith(' '))
        {
            throw AnthropicWords.Refuse("messages: final assistant content cannot end with trailing whitespace");
        }

        // A turn of tools that goes on must show the thoughts that it began with.
        ModelTurn? calling = task.Turns.Count > 1 && last.Parts.Any(part => part is ModelPart.Result) ? task.Turns[^2] : null;
        if (task.Thinks && calling is not null && calling.Parts[0] is not ModelPart.Thought)
        {
            throw AnthropicWords.Refuse(
                "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).");
        }
    }
}
