using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Writes the parts of messages as content blocks.</summary>
internal static class AnthropicBlocksWriter
{
    /// <summary>False for what Anthropic refuses as a block: empty text, and thoughts that it cannot verify.</summary>
    public static bool IsWritten(ChatPart part) => part switch
    {
        ChatPart.Text text => text.Value.Length > 0,
        ChatPart.Thinking thought => thought.Redacted is { } redacted
            ? !ForeignSignature.IsOfBedrock(redacted)
            : !string.IsNullOrEmpty(thought.Signature) && !ForeignSignature.IsMarked(thought.Signature),
        _ => true,
    };

    public static void Write(Utf8JsonWriter writer, ChatPart part, Losses losses)
    {
        if (!IsWritten(part))
        {
            if (part is ChatPart.Thinking)
            {
                losses.Harmless(part.Path);
            }

            return;
        }

        switch (part)
        {
            case ChatPart.Text text:
                WriteText(writer, text.Value, part.Cache);
                break;
            case ChatPart.Refusal refusal:
                WriteText(writer, refusal.Value, part.Cache);
                break;
            case ChatPart.Thinking thought:
                ThoughtBlocks.Write(writer, thought);
                break;
            case ChatPart.Image image:
                losses.Detail(image);
                WriteMedia(writer, "image"u8, image, image.Source, null, losses);
                break;
            case ChatPart.Document document:
                WriteMedia(writer, "document"u8, document, document.Source, document.Name, losses);
                break;
            case ChatPart.ToolCall call:
                WriteCall(writer, call, losses);
                break;
            case ChatPart.ToolResult result:
                WriteResult(writer, result, losses);
                break;
            case ChatPart.Audio:
                losses.Content(part.Path, "takes no audio");
                break;
            case ChatPart.Unknown unknown:
                losses.Content(part.Path, $"has no '{JsonKinds.Shown(unknown.Kind)}' parts");
                break;
        }
    }

    /// <summary>Arguments as a JSON object; null when the text is none.</summary>
    internal static byte[]? ArgumentsOf(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "{}"u8.ToArray();
        }

        byte[] json = Encoding.UTF8.GetBytes(text);
        using JsonDocument? document = JsonInput.TryParse(json);
        return document?.RootElement.ValueKind == JsonValueKind.Object ? json : null;
    }

    private static void WriteText(Utf8JsonWriter writer, string text, CacheMark cache)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
        CacheMarks.Write(writer, cache);
        writer.WriteEndObject();
    }

    private static void WriteMedia(Utf8JsonWriter writer, ReadOnlySpan<byte> type, ChatPart part, MediaSource source, string? title, Losses losses)
    {
        if (source is MediaSource.Uploaded)
        {
            losses.Content(part.Path, "cannot read a file that was uploaded to another provider");
            return;
        }

        bool isDocument = type.SequenceEqual("document"u8);
        if (isDocument && source is MediaSource.Inline { MediaType: not ("application/pdf" or "text/plain") })
        {
            losses.Content(part.Path, "takes files of application/pdf and text/plain only");
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteStartObject("source"u8);
        WriteSource(writer, source, isDocument);
        writer.WriteEndObject();
        if (title is not null)
        {
            writer.WriteString("title"u8, title);
        }

        CacheMarks.Write(writer, part.Cache);
        writer.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter writer, MediaSource source, bool isDocument)
    {
        switch (source)
        {
            case MediaSource.Inline { MediaType: "text/plain" } inline when isDocument && TextOf(inline.Base64.Span) is { } text:
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("media_type"u8, "text/plain"u8);
                writer.WriteString("data"u8, text);
                break;
            case MediaSource.Inline inline:
                writer.WriteString("type"u8, "base64"u8);
                writer.WriteString("media_type"u8, inline.MediaType);
                writer.WriteString("data"u8, inline.Base64.Span);
                break;
            case MediaSource.Url url:
                writer.WriteString("type"u8, "url"u8);
                writer.WriteString("url"u8, url.Address);
                break;
        }
    }

    private static string? TextOf(ReadOnlySpan<byte> base64)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out int length) == System.Buffers.OperationStatus.Done
            ? Encoding.UTF8.GetString(bytes.AsSpan(0, length))
            : null;
    }

    private static void WriteCall(Utf8JsonWriter writer, ChatPart.ToolCall call, Losses losses)
    {
        if (ArgumentsOf(call.Arguments) is not { } arguments)
        {
            losses.Content(call.Path, "takes the arguments of a tool call as a JSON object only");
            return;
        }

        if (call.Signature is not null)
        {
            losses.Harmless(call.Path);
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_use"u8);
        writer.WriteString("id"u8, call.Id);
        writer.WriteString("name"u8, call.Name);
        writer.WritePropertyName("input"u8);
        writer.WriteRawValue(arguments, skipInputValidation: true);
        CacheMarks.Write(writer, call.Cache);
        writer.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter writer, ChatPart.ToolResult result, Losses losses)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_result"u8);
        writer.WriteString("tool_use_id"u8, result.CallId);
        writer.WriteStartArray("content"u8);
        foreach (ChatPart part in result.Parts)
        {
            Write(writer, part, losses);
        }

        writer.WriteEndArray();
        if (result.IsError)
        {
            writer.WriteBoolean("is_error"u8, true);
        }

        CacheMarks.Write(writer, result.Cache);
        writer.WriteEndObject();
    }
}
