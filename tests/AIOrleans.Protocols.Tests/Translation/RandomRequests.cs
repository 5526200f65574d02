using System.Collections.Immutable;
using System.Text;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>Conversations made of what every protocol can say.</summary>
internal static class RandomRequests
{
    private static readonly string[] Texts = ["Hi", "é\n\"quoted\" \\ 👋", "{\"a\":1}", "a\tb", "<b>&amp;</b>", new string('x', 300)];

    private static readonly RawJson Schema = new("""{"type":"object","properties":{"q":{"type":"string"}},"required":["q"],"additionalProperties":false}"""u8.ToArray());

    public static CanonicalRequest Next(Random random)
    {
        ImmutableArray<ChatTool> tools = [.. Enumerable.Range(0, random.Next(3)).Select(i => new ChatTool($"tool_{i}", Maybe(random, Text(random)), Schema, null, ""))];
        return new CanonicalRequest
        {
            Client = WireFormat.OpenAiChat,
            Model = "alias",
            Messages = [.. Turns(random, tools)],
            Tools = tools,
            ToolChoice = tools.IsEmpty ? null : random.Next(5) switch
            {
                0 => new ToolChoice(ToolUse.Auto),
                1 => new ToolChoice(ToolUse.Required),
                2 => new ToolChoice(ToolUse.None),
                3 => new ToolChoice(ToolUse.Named, "tool_0"),
                _ => null,
            },
            Sampling = new Sampling { Temperature = random.Next(2) == 0 ? null : random.Next(11) / 10m, TopP = random.Next(2) == 0 ? null : random.Next(11) / 10m },
            Stop = [.. Enumerable.Range(0, random.Next(5)).Select(i => $"STOP {i}")],
            MaxOutputTokens = random.Next(1, 100_000),
            Format = random.Next(3) == 0 ? new OutputFormat(Schema, "answer", null, true) : null,
        };
    }

    private static IEnumerable<ChatMessage> Turns(Random random, ImmutableArray<ChatTool> tools)
    {
        if (random.Next(2) == 0)
        {
            yield return new ChatMessage(ChatRole.System, [new ChatPart.Text(Text(random))], "");
        }

        for (int turn = random.Next(1, 5); turn > 0; turn--)
        {
            yield return new ChatMessage(ChatRole.User, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Content(random))], "");
            if (!tools.IsEmpty && random.Next(2) == 0)
            {
                string[] ids = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => $"call_{turn}_{i}")];
                yield return new ChatMessage(
                    ChatRole.Assistant,
                    [new ChatPart.Text(Text(random)), .. ids.Select(id => new ChatPart.ToolCall(id, tools[random.Next(tools.Length)].Name, "{\"q\":\"é\\n\"}"))], "");
                yield return new ChatMessage(
                    ChatRole.Tool, [.. ids.Select(id => new ChatPart.ToolResult(id, null, [new ChatPart.Text(Text(random))], IsError: false))], "");
            }

            yield return new ChatMessage(ChatRole.Assistant, [new ChatPart.Text(Text(random))], "");
        }

        yield return new ChatMessage(ChatRole.User, [Content(random)], "");
    }

    private static ChatPart Content(Random random) => random.Next(5) switch
    {
        0 => new ChatPart.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="u8.ToArray())),
        1 => new ChatPart.Image(new MediaSource.Url("https://example.org/a.png")),
        2 => new ChatPart.Document(new MediaSource.Inline("application/pdf", "JVBERi0xLjQK"u8.ToArray()), "a.pdf"),
        _ => new ChatPart.Text(Text(random)),
    };

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];

    private static string? Maybe(Random random, string text) => random.Next(2) == 0 ? text : null;

    /// <summary>What a request means, without what only one protocol says: turns of one side joined, names of schemas and files left out.</summary>
    public static string Meaning(CanonicalRequest request)
    {
        StringBuilder shown = new();
        shown.AppendLine($"max {request.MaxOutputTokens}, temperature {request.Sampling.Temperature}, top p {request.Sampling.TopP}");
        shown.AppendLine($"stop {string.Join('|', request.Stop)}, format {request.Format?.Schema} {request.Format?.Strict}, choice {request.ToolChoice}");
        foreach (ChatTool tool in request.Tools)
        {
            shown.AppendLine($"tool {tool.Name}: {tool.Description} {tool.Schema}");
        }

        string speaker = "";
        foreach (ChatMessage message in request.Messages)
        {
            string now = message.Role switch { ChatRole.System or ChatRole.Developer => "system", ChatRole.Assistant => "model", _ => "client" };
            shown.Append(now == speaker ? "" : $"{now}:\n");
            speaker = now;
            foreach (ChatPart part in message.Parts)
            {
                shown.AppendLine($"  {Show(part)}");
            }
        }

        return shown.ToString();
    }

    private static string Show(ChatPart part) => part switch
    {
        ChatPart.Text text => $"text {text.Value}",
        ChatPart.Image image => $"image {Show(image.Source)}",
        ChatPart.Document document => $"file {Show(document.Source)}",
        ChatPart.ToolCall call => $"call {call.Id} {call.Name} {call.Arguments}",
        ChatPart.ToolResult result => $"result {result.CallId} {result.IsError} {string.Join(',', result.Parts.Select(Show))}",
        _ => part.ToString(),
    };

    private static string Show(MediaSource source) => source switch
    {
        MediaSource.Inline inline => $"{inline.MediaType} {Encoding.ASCII.GetString(inline.Base64.Span)}",
        MediaSource.Url url => url.Address,
        _ => source.ToString(),
    };
}
