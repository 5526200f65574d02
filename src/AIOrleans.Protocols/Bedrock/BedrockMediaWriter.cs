using System.Globalization;
using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Writes images, sounds and documents of one request: bytes with the name of their format, or an object of S3. Bedrock reads no other address.</summary>
internal sealed class BedrockMediaWriter(Utf8JsonWriter writer, Losses losses)
{
    /// <summary>Characters of a document's name.</summary>
    private const int NameLengthMax = 200;

    /// <summary>Room for the number that tells two documents of one name apart.</summary>
    private const int NumberLengthMax = 8;

    /// <summary>Two documents of one request must not have the same.</summary>
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public void Write(ChatPart part)
    {
        switch (part)
        {
            case ChatPart.Image image:
                losses.Detail(image);
                Write("image"u8, part, image.Source, ImageFormatOf, "takes images of image/png, image/jpeg, image/gif and image/webp only");
                break;
            case ChatPart.Audio audio:
                Write("audio"u8, part, audio.Source, AudioFormatOf, "takes sounds of audio/wav, audio/mpeg, audio/flac, audio/ogg, audio/opus, audio/aac, audio/mp4 and audio/webm only");
                break;
            case ChatPart.Document document:
                Write("document"u8, part, document.Source, DocumentFormatOf, "takes files of PDF, plain text, Markdown, HTML, CSV, Word and Excel only");
                break;
        }
    }

    private void Write(ReadOnlySpan<byte> kind, ChatPart part, MediaSource source, Func<string, string?> formatOf, string expected)
    {
        string? type = source switch
        {
            MediaSource.Inline inline => inline.MediaType,
            MediaSource.Url url when url.Address.StartsWith("s3://", StringComparison.Ordinal) => url.MediaType ?? MediaTypes.OfAddress(url.Address) ?? "",
            _ => null,
        };
        if (type is null)
        {
            losses.Content(part.Path, source is MediaSource.Url
                ? "reads no addresses but those of S3 (s3://bucket/key): send the bytes"
                : "cannot read a file that was uploaded to another provider");
        }
        else if (formatOf(type) is not { } format)
        {
            losses.Content(part.Path, expected);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteStartObject(kind);
            writer.WriteString("format"u8, format);
            if (part is ChatPart.Document document)
            {
                writer.WriteString("name"u8, NameOf(document.Name));
            }

            WriteSource(source);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private void WriteSource(MediaSource source)
    {
        writer.WriteStartObject("source"u8);
        if (source is MediaSource.Inline inline)
        {
            writer.WriteString("bytes"u8, inline.Base64.Span);
        }
        else if (source is MediaSource.Url url)
        {
            writer.WriteStartObject("s3Location"u8);
            writer.WriteString("uri"u8, url.Address);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>The client's name in the characters that Bedrock takes, made unique.</summary>
    // Letters, digits, hyphens, parentheses, brackets and single spaces. Source: API_runtime_DocumentBlock.
    private string NameOf(string? given)
    {
        StringBuilder kept = new();
        foreach (char letter in given ?? "")
        {
            bool isTaken = char.IsAsciiLetterOrDigit(letter) || letter is '-' or '(' or ')' or '[' or ']';
            char taken = isTaken ? letter : letter == ' ' ? ' ' : '-';
            if (kept.Length < NameLengthMax - NumberLengthMax && (isTaken || (kept.Length > 0 && kept[^1] is not (' ' or '-'))))
            {
                kept.Append(taken);
            }
        }

        string name = kept.ToString().Trim(' ', '-');
        string unique = name = name.Length == 0 ? "document" : name;
        for (int number = 2; !names.Add(unique); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name} {number}");
        }

        return unique;
    }

    private static string? ImageFormatOf(string type) => type switch
    {
        "image/png" => "png",
        "image/jpeg" or "image/jpg" => "jpeg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => null,
    };

    private static string? AudioFormatOf(string type) => type switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mp3" or "audio/mpeg" => "mp3",
        "audio/flac" => "flac",
        "audio/ogg" => "ogg",
        "audio/opus" => "opus",
        "audio/aac" => "aac",
        "audio/mp4" => "mp4",
        "audio/m4a" or "audio/x-m4a" => "m4a",
        "audio/webm" => "webm",
        _ => null,
    };

    private static string? DocumentFormatOf(string type) => type switch
    {
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        "text/markdown" => "md",
        "text/html" => "html",
        "text/csv" => "csv",
        "application/msword" => "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        _ => null,
    };
}
