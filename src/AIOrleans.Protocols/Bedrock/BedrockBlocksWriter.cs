using System.Text.Json;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Writes the parts of one request's messages as content blocks.</summary>
internal sealed class BedrockBlocksWriter(Utf8JsonWriter writer, BedrockFamily family, Losses losses)
{
    private readonly BedrockMediaWriter media = new(writer, losses);

    /// <summary>False for what Bedrock refuses as a block: empty text, and thoughts that it cannot verify.</summary>
    public bool IsWritten(ChatPart part) => part switch
    {
        ChatPart.Text text => text.Value.Length > 0,

        // Only Claude's are signed, and it alone takes them back.
        ChatPart.Thinking thought => family == BedrockFamily.Claude
            && (thought.Redacted is { } payload
                ? ForeignSignature.IsOfBedrock(payload)
                : !string.IsNullOrEmpty(thought.Signature) && !ForeignSignature.IsMarked(thought.Signature)),
        _ => true,
    };

    /// <summary>Reports what a message that is not written loses.</summary>
    public void Skip(ChatMessage message)
    {
        foreach (ChatPart part in message.Parts.Where(part => part is ChatPart.Thinking))
        {
            losses.Harmless(part.Path);
        }
    }

    /// <summary>Writes a part, and a cache point behind it where the client wants one.</summary>
    public void Write(ChatPart part)
    {
        if (!IsWritten(part))
        {
            if (part is ChatPart.Thinking)
            {
                losses.Harmless(part.Path);
            }

            return;
        }

        WriteBlock(part);
        if (BedrockCachePoints.AreTakenBy(family))
        {
            BedrockCachePoints.Write(writer, MarkOf(part), family);
        }
        else if (MarkOf(part) != CacheMark.None)
        {
            losses.Harmless($"{part.Path}.cache_control");
        }
    }

    /// <summary>A mark within the result of a tool stands behind it: there is no place inside.</summary>
    private static CacheMark MarkOf(ChatPart part) =>
        part.Cache == CacheMark.None && part is ChatPart.ToolResult result ? result.Parts.Select(inner => inner.Cache).DefaultIfEmpty().Max() : part.Cache;

    private void WriteBlock(ChatPart part)
    {
        switch (part)
        {
            case ChatPart.Text text:
                WriteText(text.Value);
                break;
            case ChatPart.Refusal refusal:
                WriteText(refusal.Value);
                break;
            case ChatPart.Thinking thought:
                WriteThought(thought);
                break;
            case ChatPart.ToolCall call:
                WriteCall(call);
                break;
            case ChatPart.ToolResult result:
                WriteResult(result);
                break;
            case ChatPart.Unknown unknown:
                losses.Content(part.Path, $"has no '{JsonKinds.Shown(unknown.Kind)}' parts");
                break;
            default:
                media.Write(part);
                break;
        }
    }

    private void WriteText(string text)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    private void WriteThought(ChatPart.Thinking thought)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reasoningContent"u8);
        if (thought.Redacted is { } payload)
        {
            writer.WriteString("redactedContent"u8, ForeignSignature.UnmarkBedrock(payload));
        }
        else
        {
            writer.WriteStartObject("reasoningText"u8);
            writer.WriteString("text"u8, thought.Value);
            writer.WriteString("signature"u8, thought.Signature);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteCall(ChatPart.ToolCall call)
    {
        if (AnthropicBlocksWriter.ArgumentsOf(call.Arguments) is not { } arguments)
        {
            losses.Content(call.Path, "takes the arguments of a tool call as a JSON object only");
            return;
        }

        if (call.Signature is not null)
        {
            losses.Harmless(call.Path);
        }

        writer.WriteStartObject();
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("toolUseId"u8, call.Id);
        writer.WriteString("name"u8, call.Name);
        writer.WritePropertyName("input"u8);
        writer.WriteRawValue(arguments, skipInputValidation: true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteResult(ChatPart.ToolResult result)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolResult"u8);
        writer.WriteString("toolUseId"u8, result.CallId);
        writer.WriteStartArray("content"u8);
        foreach (ChatPart part in result.Parts.Where(IsWritten))
        {
            WriteBlock(part);
        }

        writer.WriteEndArray();
        if (result.IsError)
        {
            writer.WriteString("status"u8, "error"u8);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
