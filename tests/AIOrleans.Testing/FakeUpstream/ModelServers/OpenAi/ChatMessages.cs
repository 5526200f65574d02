using System.Text.Json;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads <c>messages</c>, and checks that calls of tools and their results stand together.</summary>
internal static class ChatMessages
{
    public static void Read(StrictObject body, ModelTask task)
    {
        List<string> instructions = [];
        HashSet<string> open = [];
        foreach (StrictObject message in body.Objects("messages"))
        {
            string role = message.Text("role");
            if (role != "tool" && open.Count > 0)
            {
                throw Unanswered(open);
            }

            switch (role)
            {
                case "system" or "developer":
                    instructions.Add(string.Concat(Content(message.Only("role", "content", "name"), task, ["text"]).OfType<ModelPart.Text>().Select(part => part.Value)));
                    break;
                case "user":
                    task.Turns.Add(new ModelTurn(false, Content(message.Only("role", "content", "name"), task, ["text", "image_url", "input_audio", "file"])));
                    break;
                case "assistant":
                    ReadAssistant(message, task, open);
                    break;
                case "tool":
                    ReadResult(message.Only("role", "content", "tool_call_id"), task, open);
                    break;
                default:
                    throw OpenAiWords.Instance.BadValue(message.PathOf("role"), $"'{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'");
            }
        }

        if (open.Count > 0)
        {
            throw Unanswered(open);
        }

        if (task.Turns.Count == 0)
        {
            throw OpenAiWords.Refuse("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array");
        }

        task.Instructions = string.Join(" + ", instructions);
        if (task.AnyJson && !task.Prompt.Any(segment => segment.Text.Contains("json", StringComparison.OrdinalIgnoreCase)))
        {
            throw OpenAiWords.Refuse("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages");
        }
    }

    private static WireRefusalException Unanswered(IEnumerable<string> ids) => OpenAiWords.Refuse(
        $"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", ids)}", "messages");

    private static void ReadAssistant(StrictObject message, ModelTask task, HashSet<string> open)
    {
        message.Only("role", "content", "name", "tool_calls", "refusal", "audio", "function_call", "annotations");
        List<ModelPart> parts = message.Has("content") ? Content(message, task, ["text", "refusal"]) : [];
        foreach (StrictObject call in message.Objects("tool_calls"))
        {
            call.Only("id", "type", "function").Text("type");
            StrictObject function = call.Object("function")?.Only("name", "arguments") ?? throw OpenAiWords.Instance.Missing(call.PathOf("function"));
            string id = call.Text("id");
            string arguments = function.Text("arguments");
            parts.Add(new ModelPart.Call(id, function.Text("name"), JsonSerializer.SerializeToElement(arguments)));
            task.Read(arguments);
            open.Add(id);
        }

        if (parts.Count == 0 && !message.Has("refusal") && !message.Has("content"))
        {
            throw OpenAiWords.Refuse($"Invalid value for 'content': expected a string, got null.", message.PathOf("content"));
        }

        task.Turns.Add(new ModelTurn(true, parts));
    }

    /// <summary>The results of one turn's calls are one turn.</summary>
    private static void ReadResult(StrictObject message, ModelTask task, HashSet<string> open)
    {
        string id = message.Text("tool_call_id");
        if (!open.Remove(id))
        {
            throw OpenAiWords.Refuse("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", message.PathOf("role"));
        }

        string text = string.Concat(Content(message, task, ["text"]).OfType<ModelPart.Text>().Select(part => part.Value));
        if (task.Turns[^1].IsModels)
        {
            task.Turns.Add(new ModelTurn(false, []));
        }

        task.Turns[^1].Parts.Add(new ModelPart.Result(id, null, text, IsError: false));
    }

    private static List<ModelPart> Content(StrictObject message, ModelTask task, string[] types)
    {
        if (message.Needed("content").ValueKind == JsonValueKind.String)
        {
            string text = message.Text("content");
            task.Read(text);
            return [new ModelPart.Text(text)];
        }

        return [.. message.Objects("content").Select(part => ReadPart(part, task, types))];
    }

    private static ModelPart ReadPart(StrictObject part, ModelTask task, string[] types)
    {
        part.Text("type");
        switch (part.Choice("type", types))
        {
            case "text" or "refusal":
                string text = part.Only("type", "text", "refusal").TextOrNull("text") ?? part.Text("refusal");
                task.Read(text);
                return new ModelPart.Text(text);
            case "image_url":
                StrictObject image = part.Only("type", "image_url").Object("image_url")?.Only("url", "detail") ?? throw OpenAiWords.Instance.Missing(part.PathOf("image_url"));
                image.Choice("detail", "auto", "low", "high", "original");
                return Keep(OfAddress(image.Text("url"), image.PathOf("url")), task);
            case "input_audio":
                StrictObject audio = part.Only("type", "input_audio").Object("input_audio")?.Only("data", "format") ?? throw OpenAiWords.Instance.Missing(part.PathOf("input_audio"));
                return Keep(ModelPart.Media.OfBytes("audio/" + audio.Choice("format", "wav", "mp3"), audio.Bytes("data")), task);
            default:
                StrictObject file = part.Only("type", "file").Object("file")?.Only("file_data", "filename", "file_id") ?? throw OpenAiWords.Instance.Missing(part.PathOf("file"));
                return Keep(file.TextOrNull("file_id") is { } id ? new ModelPart.Media("file", id) : OfAddress(file.Text("file_data"), file.PathOf("file_data")), task);
        }
    }

    internal static ModelPart.Media OfAddress(string address, string path)
    {
        if (address.StartsWith("http", StringComparison.Ordinal))
        {
            return new ModelPart.Media("url", address);
        }

        int comma = address.IndexOf(";base64,", StringComparison.Ordinal);
        if (!address.StartsWith("data:", StringComparison.Ordinal) || comma < 0)
        {
            throw OpenAiWords.Instance.BadValue(path, "expected an address or a base64-encoded data URL");
        }

        byte[] bytes = new byte[address.Length];
        return Convert.TryFromBase64String(address[(comma + 8)..], bytes, out int length)
            ? ModelPart.Media.OfBytes(address[5..comma], bytes[..length])
            : throw OpenAiWords.Instance.BadValue(path, "it is not valid base64");
    }

    private static ModelPart.Media Keep(ModelPart.Media media, ModelTask task)
    {
        task.Read(media);
        return media;
    }
}
