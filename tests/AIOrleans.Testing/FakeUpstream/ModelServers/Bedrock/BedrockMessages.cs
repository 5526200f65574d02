using System.Text.RegularExpressions;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads <c>messages</c>, checks that turns alternate and that calls of tools and their results stand together, and verifies thoughts.</summary>
internal sealed partial class BedrockMessages(ModelTask task, Signatures signatures)
{
    private readonly HashSet<string> documents = new(StringComparer.Ordinal);

    public void Read(StrictObject body)
    {
        foreach (StrictObject message in body.Objects("messages"))
        {
            message.Only("role", "content").Text("role");
            bool isModels = message.Choice("role", "user", "assistant") == "assistant";
            List<ModelPart> parts = [];
            foreach (StrictObject block in message.Objects("content"))
            {
                if (!BedrockReader.IsCachePoint(block, task))
                {
                    parts.AddRange(ReadBlock(block, isModels));
                }
            }

            if (parts.Count == 0)
            {
                throw BedrockWords.Refuse($"The content field in the Message object at {message.Path} is empty. Add a ContentBlock object to the content field and try again.");
            }

            CheckTurn(message, isModels, parts);
            task.Turns.Add(new ModelTurn(isModels, parts));
        }

        CheckEnd();
    }

    private List<ModelPart> ReadBlock(StrictObject block, bool isModels)
    {
        if (block.TextOrNull("text") is { } text)
        {
            block.Only("text");
            if (string.IsNullOrWhiteSpace(text))
            {
                throw BedrockWords.Refuse($"The text field in the ContentBlock object at {block.Path} is blank. Add text to the text field, and try again.");
            }

            task.Read(text);
            return [new ModelPart.Text(text)];
        }

        if (block.Object("toolUse") is { } call && isModels)
        {
            block.Only("toolUse");
            StrictObject input = call.Only("toolUseId", "name", "input").Object("input") ?? throw BedrockWords.Instance.Missing(call.PathOf("input"));
            task.Read(input.Element.GetRawText());
            return [new ModelPart.Call(call.Text("toolUseId"), call.Text("name"), input.Element)];
        }

        if (block.Object("reasoningContent") is { } thought && isModels)
        {
            block.Only("reasoningContent");
            return [ReadThought(thought.Only("reasoningText", "redactedContent"))];
        }

        return block.Object("toolResult") is { } result && !isModels ? ReadResult(block.Only("toolResult"), result)
            : isModels ? throw BedrockWords.Refuse($"{block.Path}: this content block is not allowed for role assistant.")
            : [ReadMedia(block)];
    }

    private ModelPart.Thought ReadThought(StrictObject thought)
    {
        StrictObject text = thought.Object("reasoningText")?.Only("text", "signature")
            ?? throw BedrockWords.Refuse("The model returned the following errors: Invalid `data` in `redacted_thinking` block");
        return signatures.IsOwn(text.Text("text"), text.Text("signature"))
            ? new ModelPart.Thought()
            : throw BedrockWords.Refuse("The model returned the following errors: Invalid `signature` in `thinking` block");
    }

    private List<ModelPart> ReadResult(StrictObject block, StrictObject result)
    {
        result.Only("toolUseId", "content", "status").Choice("status", "success", "error");
        List<ModelPart> parts = [];
        string text = "";
        foreach (StrictObject inner in result.Objects("content"))
        {
            if (inner.TextOrNull("text") is { } word)
            {
                text += word;
            }
            else
            {
                parts.Add(ReadMedia(inner));
            }
        }

        task.Read(text);
        if (result.Any("content") is null)
        {
            throw BedrockWords.Instance.Missing(block.PathOf("toolResult.content"));
        }

        parts.Insert(0, new ModelPart.Result(result.Text("toolUseId"), null, text, result.TextOrNull("status") == "error"));
        return parts;
    }

    private ModelPart.Media ReadMedia(StrictObject block)
    {
        ModelPart.Media media;
        if (block.Object("image") is { } image)
        {
            string format = image.Only("format", "source").Choice("format", "png", "jpeg", "gif", "webp") ?? throw BedrockWords.Instance.Missing(image.PathOf("format"));
            media = ModelPart.Media.OfBytes("image/" + format, BytesOf(image));
        }
        else if (block.Object("document") is { } document)
        {
            string format = document.Only("format", "name", "source", "context", "citations")
                .Choice("format", "pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md") ?? throw BedrockWords.Instance.Missing(document.PathOf("format"));
            CheckName(document.Text("name"));
            media = ModelPart.Media.OfBytes(format == "txt" ? "text/plain" : "application/" + format, BytesOf(document));
        }
        else
        {
            throw block.Has("audio")
                ? BedrockWords.Refuse("This model doesn't support the audio content block that you provided. Try again with a different content block.")
                : BedrockWords.Refuse($"{block.Path}: the content block is of an unknown kind.");
        }

        task.Read(media);
        return media;
    }

    private static byte[] BytesOf(StrictObject media)
    {
        StrictObject source = media.Object("source") ?? throw BedrockWords.Instance.Missing(media.PathOf("source"));
        return source.Only("bytes", "s3Location").Bytes("bytes");
    }

    private void CheckName(string name)
    {
        if (name.Length is 0 or > 200 || !DocumentName().IsMatch(name))
        {
            throw BedrockWords.Refuse(
                "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.");
        }

        if (!documents.Add(name))
        {
            throw BedrockWords.Refuse($"Messages contain duplicate document name: {name}. Please remove or rename duplicate documents.");
        }
    }

    private void CheckTurn(StrictObject message, bool isModels, List<ModelPart> parts)
    {
        List<ModelTurn> turns = task.Turns;
        if (turns.Count == 0 && isModels)
        {
            throw BedrockWords.Refuse("A conversation must start with a user message. Try again with a conversation that starts with a user message.");
        }

        if (turns.Count > 0 && turns[^1].IsModels == isModels)
        {
            throw BedrockWords.Refuse("A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.");
        }

        bool hasTools = parts.Any(part => part is ModelPart.Call or ModelPart.Result);
        if (hasTools && task.Tools.Count == 0)
        {
            throw BedrockWords.Refuse("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
        }

        string[] open = turns.Count > 0 ? [.. turns[^1].Parts.OfType<ModelPart.Call>().Select(call => call.Id)] : [];
        string[] answered = [.. parts.OfType<ModelPart.Result>().Select(result => result.CallId)];
        if (open.Except(answered).Any())
        {
            throw BedrockWords.Refuse($"Expected toolResult blocks at {message.PathOf("content")} for the following Ids: {string.Join(", ", open.Except(answered))}");
        }

        if (answered.Except(open).Any())
        {
            throw BedrockWords.Refuse($"The number of toolResult blocks at {message.PathOf("content")} exceeds the number of toolUse blocks of previous turn.");
        }
    }

    private void CheckEnd()
    {
        if (task.Turns.Count == 0)
        {
            throw BedrockWords.BadCount("messages");
        }

        // A turn of tools that goes on must show the thoughts that it began with.
        ModelTurn last = task.Turns[^1];
        ModelTurn? calling = task.Turns.Count > 1 && last.Parts.Any(part => part is ModelPart.Result) ? task.Turns[^2] : null;
        if (task.Thinks && calling is not null && calling.Parts[0] is not ModelPart.Thought)
        {
            throw BedrockWords.Refuse("The model returned the following errors: messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9()\[\]-]+( [A-Za-z0-9()\[\]-]+)*$")]
    private static partial Regex DocumentName();
}
