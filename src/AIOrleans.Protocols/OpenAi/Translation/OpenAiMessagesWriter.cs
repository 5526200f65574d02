using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Writes messages: each result of a tool is a message of its own, calls stand beside the content.</summary>
internal static class OpenAiMessagesWriter
{
    public static void Write(Utf8JsonWriter writer, ChatMessage message, Losses losses)
    {
        if (message is { Role: ChatRole.Assistant, Parts: [ChatPart.Thinking, ..] } && message.Parts.All(part => part is ChatPart.Thinking))
        {
            // Without its thoughts nothing is left, and OpenAI refuses a message without content.
            foreach (ChatPart thought in message.Parts)
            {
                losses.Harmless(thought.Path);
            }

            return;
        }

        if (message.Role != ChatRole.Tool)
        {
            WriteTurn(writer, message, losses);
            return;
        }

        foreach (ChatPart.ToolResult result in message.Parts.OfType<ChatPart.ToolResult>())
        {
            WriteResult(writer, result, losses);
        }
    }

    /// <summary>OpenAI caches by itself: a mark changes the price at most, never the answer.</summary>
    public static void LoseCache(CacheMark cache, string path, Losses losses)
    {
        if (cache != CacheMark.None)
        {
            losses.Harmless($"{path}.cache_control");
        }
    }

    /// <summary>Writes the member <c>tool_calls</c>; nothing when there are none.</summary>
    /// <param name="withSignatures">True in answers, for the client to send back; OpenAI itself would refuse the member.</param>
    public static void WriteCalls(Utf8JsonWriter writer, ImmutableArray<ChatPart> parts, bool withSignatures)
    {
        bool isOpen = false;
        foreach (ChatPart.ToolCall call in parts.OfType<ChatPart.ToolCall>())
        {
            if (!isOpen)
            {
                writer.WriteStartArray("tool_calls"u8);
                isOpen = true;
            }

            writer.WriteStartObject();
            writer.WriteString("id"u8, call.Id);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, call.Name);
            writer.WriteString("arguments"u8, call.Arguments.Length == 0 ? "{}" : call.Arguments);
            writer.WriteEndObject();
            WriteSignature(writer, withSignatures ? call.Signature : null);
            writer.WriteEndObject();
        }

        if (isOpen)
        {
            writer.WriteEndArray();
        }
    }

    /// <summary>Writes Google's own extension of a tool call, which its OpenAI-compatible endpoint has too.</summary>
    public static void WriteSignature(Utf8JsonWriter writer, string? signature)
    {
        if (signature is null)
        {
            return;
        }

        writer.WriteStartObject("extra_content"u8);
        writer.WriteStartObject("google"u8);
        writer.WriteString("thought_signature"u8, signature);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter writer, ChatMessage message, Losses losses)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, message.Role switch
        {
            ChatRole.System => "system"u8,
            ChatRole.Developer => "developer"u8,
            ChatRole.Assistant => "assistant"u8,
            _ => "user"u8,
        });
        if (message.Name is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        ImmutableArray<ChatPart> content = [.. message.Parts.Where(IsContent)];
        WriteContent(writer, content, hasCalls: content.Length < message.Parts.Length, losses);
        WriteCalls(writer, message.Parts, withSignatures: false);
        foreach (ChatPart part in message.Parts)
        {
            LoseCache(part.Cache, part.Path, losses);
            if (part is ChatPart.Thinking or ChatPart.ToolCall { Signature: not null })
            {
                // No model of OpenAI reads another's thoughts, and Anthropic itself leaves out those of earlier turns.
                losses.Harmless(part.Path);
            }
        }

        writer.WriteEndObject();
    }

    private static bool IsContent(ChatPart part) => part is not (ChatPart.ToolCall or ChatPart.Thinking);

    private static void WriteContent(Utf8JsonWriter writer, ImmutableArray<ChatPart> parts, bool hasCalls, Losses losses)
    {
        switch (parts)
        {
            case [] when hasCalls:
                writer.WriteNull("content"u8);
                break;
            case []:
                writer.WriteString("content"u8, "");
                break;
            case [ChatPart.Text only]:
                writer.WriteString("content"u8, only.Value);
                break;
            default:
                writer.WriteStartArray("content"u8);
                foreach (ChatPart part in parts)
                {
                    OpenAiPartsWriter.Write(writer, part, losses);
                }

                writer.WriteEndArray();
                break;
        }
    }

    private static void WriteResult(Utf8JsonWriter writer, ChatPart.ToolResult result, Losses losses)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("tool_call_id"u8, result.CallId);
        foreach (ChatPart part in result.Parts)
        {
            LoseCache(part.Cache, part.Path, losses);
            if (part is not ChatPart.Text)
            {
                losses.Content(part.Path, "takes only text as the result of a tool");
            }
        }

        WriteContent(writer, result.Parts, hasCalls: false, losses);
        LoseCache(result.Cache, result.Path, losses);
        if (result.IsError)
        {
            // What went wrong is in the text; there is no flag for it.
            losses.Harmless($"{result.Path}.is_error");
        }

        writer.WriteEndObject();
    }
}
