using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Writes the parts of a message's content.</summary>
internal static class OpenAiPartsWriter
{
    public static void Write(Utf8JsonWriter writer, ChatPart part, Losses losses)
    {
        switch (part)
        {
            case ChatPart.Text text:
                WriteText(writer, "text"u8, text.Value);
                break;
            case ChatPart.Refusal refusal:
                WriteText(writer, "refusal"u8, refusal.Value);
                break;
            case ChatPart.Image image:
                WriteImage(writer, image, losses);
                break;
            case ChatPart.Audio audio:
                WriteAudio(writer, audio, losses);
                break;
            case ChatPart.Document document:
                WriteFile(writer, document, losses);
                break;
            case ChatPart.Unknown unknown:
                losses.Content(part.Path, $"has no '{JsonKinds.Shown(unknown.Kind)}' parts");
                break;
            default:
                losses.Content(part.Path, "has no such part here");
                break;
        }
    }

    /// <summary>A <c>data:</c> address of an inline payload, in UTF-8.</summary>
    internal static byte[] ToAddress(MediaSource.Inline inline) =>
        [.. "data:"u8, .. Encoding.UTF8.GetBytes(inline.MediaType), .. ";base64,"u8, .. inline.Base64.Span];

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> type, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString(type, text);
        writer.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter writer, ChatPart.Image image, Losses losses)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "image_url"u8);
        writer.WriteStartObject("image_url"u8);
        switch (image.Source)
        {
            case MediaSource.Url url:
                writer.WriteString("url"u8, url.Address);
                break;
            case MediaSource.Inline inline:
                writer.WriteString("url"u8, ToAddress(inline));
                break;
            default:
                losses.Content(image.Path, "cannot read a file that was uploaded to another provider");
                break;
        }

        if (image.Detail is { } detail)
        {
            writer.WriteString("detail"u8, detail);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter writer, ChatPart.Audio audio, Losses losses)
    {
        string? format = (audio.Source as MediaSource.Inline)?.MediaType switch
        {
            "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
            "audio/mp3" or "audio/mpeg" => "mp3",
            _ => null,
        };
        if (format is null || audio.Source is not MediaSource.Inline inline)
        {
            losses.Content(audio.Path, "takes only inline audio of wav and mp3");
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "input_audio"u8);
        writer.WriteStartObject("input_audio"u8);
        writer.WriteString("data"u8, inline.Base64.Span);
        writer.WriteString("format"u8, format);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter writer, ChatPart.Document document, Losses losses)
    {
        if (document.Source is not MediaSource.Inline inline)
        {
            losses.Content(document.Path, document.Source is MediaSource.Url
                ? "takes files only within the request, not by address"
                : "cannot read a file that was uploaded to another provider");
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "file"u8);
        writer.WriteStartObject("file"u8);

        // OpenAI refuses a file without a name.
        writer.WriteString("filename"u8, document.Name ?? (inline.MediaType == "application/pdf" ? "document.pdf" : "document.txt"));
        writer.WriteString("file_data"u8, ToAddress(inline));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
