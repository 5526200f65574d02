using System.Text.Json;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Writes the parts of one request's messages, in order: an answer of a function needs the name from the call before it.</summary>
internal sealed class GeminiPartsWriter(Utf8JsonWriter writer, Losses losses, bool needsSignatures)
{
    /// <summary>Google's own word for a call that another model made. Source: ai.google.dev, "Thought signatures", "FAQs".</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    private readonly Dictionary<string, string> toolNames = [];

    /// <summary>False for what Gemini does not take as a part: empty text, and thoughts, of which it wants only the signature back.</summary>
    public static bool IsWritten(ChatPart part) => part is not (ChatPart.Thinking or ChatPart.Text { Value.Length: 0 });

    /// <summary>Reports what a message that is not written loses.</summary>
    public void Skip(ChatMessage message)
    {
        foreach (ChatPart part in message.Parts.Where(part => part is ChatPart.Thinking))
        {
            losses.Harmless(part.Path);
        }
    }

    public void Write(ChatMessage message)
    {
        string? signature = null;
        bool isFirstCall = true;
        foreach (ChatPart part in message.Parts)
        {
            if (part.Cache != CacheMark.None)
            {
                losses.Harmless($"{part.Path}.cache_control");
            }

            switch (part)
            {
                case ChatPart.Thinking thought:
                    signature = ForeignSignature.Unmark(thought.Signature) ?? signature;
                    losses.Harmless(part.Path);
                    break;
                case ChatPart.ToolCall call:
                    WriteCall(call, call.Signature ?? signature ?? (needsSignatures && isFirstCall ? NoSignature : null));
                    signature = null;
                    isFirstCall = false;
                    break;
                case ChatPart.ToolResult result:
                    WriteResult(result);
                    break;
                default:
                    WriteContent(part);
                    break;
            }
        }
    }

    private void WriteContent(ChatPart part)
    {
        switch (part)
        {
            case ChatPart.Text { Value.Length: > 0 } text:
                WriteText(text.Value);
                break;
            case ChatPart.Refusal refusal:
                WriteText(refusal.Value);
                break;
            case ChatPart.Image image:
                losses.Detail(image);
                WriteMedia(part, image.Source);
                break;
            case ChatPart.Audio audio:
                WriteMedia(part, audio.Source);
                break;
            case ChatPart.Document document:
                WriteMedia(part, document.Source);
                break;
            case ChatPart.Unknown unknown:
                losses.Content(part.Path, $"has no '{JsonKinds.Shown(unknown.Kind)}' parts");
                break;
        }
    }

    private void WriteText(string text)
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
    }

    private void WriteMedia(ChatPart part, MediaSource source)
    {
        switch (source)
        {
            case MediaSource.Inline inline:
                writer.WriteStartObject();
                writer.WriteStartObject("inlineData"u8);
                writer.WriteString("mimeType"u8, inline.MediaType);
                writer.WriteString("data"u8, inline.Base64.Span);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case MediaSource.Url url when (url.MediaType ?? MediaTypes.OfAddress(url.Address)) is { } type:
                writer.WriteStartObject();
                writer.WriteStartObject("fileData"u8);
                writer.WriteString("mimeType"u8, type);
                writer.WriteString("fileUri"u8, url.Address);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case MediaSource.Url:
                losses.Content(part.Path, "needs to know what an address holds: send the bytes, or an address that ends in .png, .jpg, .webp, .gif or .pdf");
                break;
            default:
                losses.Content(part.Path, "cannot read a file that was uploaded to another provider");
                break;
        }
    }

    private void WriteCall(ChatPart.ToolCall call, string? signature)
    {
        toolNames[call.Id] = call.Name;
        if (AnthropicBlocksWriter.ArgumentsOf(call.Arguments) is not { } arguments)
        {
            losses.Content(call.Path, "takes the arguments of a tool call as a JSON object only");
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("functionCall"u8);
        writer.WriteString("id"u8, call.Id);
        writer.WriteString("name"u8, call.Name);
        writer.WritePropertyName("args"u8);
        writer.WriteRawValue(arguments, skipInputValidation: true);
        writer.WriteEndObject();
        if (signature is not null)
        {
            writer.WriteString("thoughtSignature"u8, signature);
        }

        writer.WriteEndObject();
    }

    private void WriteResult(ChatPart.ToolResult result)
    {
        if (!toolNames.TryGetValue(result.CallId, out string? name) && result.Name is null)
        {
            losses.Content(result.Path, "needs the tool call that a result answers before it");
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse"u8);
        writer.WriteString("id"u8, result.CallId);
        writer.WriteString("name"u8, name ?? result.Name);
        writer.WriteStartObject("response"u8);
        writer.WriteString(result.IsError ? "error"u8 : "output"u8, string.Concat(result.Parts.OfType<ChatPart.Text>().Select(part => part.Value)));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();

        // What is not text stands beside the result, in the same turn.
        foreach (ChatPart part in result.Parts.Where(part => part is not ChatPart.Text))
        {
            WriteContent(part);
        }
    }
}
