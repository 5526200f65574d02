using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Writes <c>toolConfig</c>.</summary>
internal static class BedrockToolsWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, BedrockFamily family, Losses losses)
    {
        if (request.Tools.IsEmpty)
        {
            if (request.Messages.Any(message => message.Parts.Any(part => part is ChatPart.ToolCall or ChatPart.ToolResult)))
            {
                losses.Content("tools", "needs the definitions of tools that were called earlier in the conversation");
            }

            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartArray("tools"u8);
        foreach (ChatTool tool in request.Tools)
        {
            WriteTool(writer, tool);
            if (family == BedrockFamily.Claude)
            {
                BedrockCachePoints.Write(writer, tool.Cache, family);
            }
            else if (tool.Cache != CacheMark.None)
            {
                losses.Harmless($"{tool.Path}.cache_control");
            }
        }

        writer.WriteEndArray();
        WriteChoice(writer, request, losses);
        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, ChatTool tool)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec"u8);
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is { Length: > 0 } about)
        {
            writer.WriteString("description"u8, about);
        }

        writer.WriteStartObject("inputSchema"u8);
        writer.WritePropertyName("json"u8);
        if (tool.Schema is { } schema)
        {
            schema.WriteTo(writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "object"u8);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (tool.Strict == true)
        {
            writer.WriteBoolean("strict"u8, true);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        if (request.ParallelTools == false)
        {
            losses.Parameter(RequestField.ParallelTools);
        }

        switch (request.ToolChoice)
        {
            case null:
                return;
            case { Use: ToolUse.None }:
                losses.Value(RequestField.ToolChoice, "a choice that lets the model call tools: leave them out instead");
                return;
            case { Use: var use, Name: var name }:
                writer.WriteStartObject("toolChoice"u8);
                writer.WriteStartObject(use switch { ToolUse.Required => "any"u8, ToolUse.Named => "tool"u8, _ => "auto"u8 });
                if (name is not null)
                {
                    writer.WriteString("name"u8, name);
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
                return;
        }
    }
}
