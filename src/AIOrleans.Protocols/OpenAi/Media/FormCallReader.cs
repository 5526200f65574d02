using System.Globalization;
using System.Text;
using System.Text.Unicode;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Forms;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Media;

/// <summary>Reads the facts of calls with files: transcriptions and translations of audio, edits and variations of images.</summary>
internal static class FormCallReader
{
    /// <summary>Fields that the gateway reads. Those without brackets come once.</summary>
    private static readonly string[] Guarded = ["model", "n", "stream", "file", "image", "mask"];

    public static (CallFacts? Call, RequestMistake? Mistake) Read(ReadOnlyMemory<byte> body, string contentType, string boundary, WireFormat format)
    {
        (IReadOnlyList<FormPart>? parts, string? fault) = FormReader.Read(body.Span, boundary);
        if (parts is null)
        {
            return (null, RequestMistake.NotAForm(fault ?? ""));
        }

        RequestReading reading = new(body);
        FormFields fields = new();
        foreach (FormPart part in parts)
        {
            GuardedNames.Check(part.Name, Guarded, reading);
            Take(part, body.Span, format, fields, reading);
        }

        if (fields.ModelValue is not { } modelValue)
        {
            reading.Fail(RequestMistake.Missing("model"));
            return (null, reading.Mistake);
        }

        reading.CheckModel(fields.Model, "model");
        return reading.Mistake is { } mistake ? (null, mistake) : (ToFacts(body, contentType, format, fields, modelValue), null);
    }

    private static void Take(FormPart part, ReadOnlySpan<byte> body, WireFormat format, FormFields fields, RequestReading reading)
    {
        ReadOnlySpan<byte> content = body.Slice(part.Content.Start, part.Content.Length);
        bool isImage = format.MakesImages() && part.Name is "image" or "image[]" or "mask";
        if (Array.IndexOf(Guarded, part.Name) >= 0 && !fields.Seen.Add(part.Name) && part.Name != "image")
        {
            reading.Fail(RequestMistake.Duplicate(part.Name));
        }

        if (isImage)
        {
            fields.Images++;
            return;
        }

        if (part.Name == "file")
        {
            fields.FileBytes = content.Length;
            fields.FileMilliseconds = AudioLength.MillisecondsLikely(content, content.Length);
            return;
        }

        fields.TextBytes += part.IsFile ? 0 : content.Length;
        switch (part.Name)
        {
            case "model":
                fields.ModelValue = part.Content;
                fields.Model = TextOf(content, "model", reading);
                break;
            case "n":
                fields.N = CountOf(content, reading);
                break;
            case "stream":
                fields.Stream = FlagOf(content, reading);
                break;
        }
    }

    private static CallFacts ToFacts(ReadOnlyMemory<byte> body, string contentType, WireFormat format, FormFields fields, BodySpan modelValue)
    {
        bool makesImages = format.MakesImages();
        long bytes = fields.FileBytes ?? AudioLength.UnseenBytes;
        return new CallFacts
        {
            Format = format,
            Body = body,
            ContentType = contentType,
            Model = fields.Model,
            Stream = fields.Stream,
            N = makesImages ? fields.N : 1,
            ImageCount = fields.Images,
            AudioCount = makesImages ? 0 : 1,
            ReadsMore = !makesImages,
            InputBytes = makesImages ? fields.TextBytes : body.Length,
            TextBytes = fields.TextBytes,
            Units = makesImages ? new UsageUnits { ImagesMade = fields.N } : new UsageUnits { AudioMilliseconds = AudioLength.MillisecondsMax(bytes) },
            LikelyUnits = makesImages
                ? new UsageUnits { ImagesMade = fields.N }
                : new UsageUnits { AudioMilliseconds = fields.FileMilliseconds ?? AudioLength.MillisecondsLikely([], bytes) },
            ModelValue = modelValue,
            IsForm = true,
        };
    }

    private static string TextOf(ReadOnlySpan<byte> content, string name, RequestReading reading)
    {
        // As JSON has it: a line end or another control character in a name would be two things to two readers.
        if (!Utf8.IsValid(content) || content.ContainsAnyInRange((byte)0, (byte)0x1F))
        {
            reading.Fail(RequestMistake.BadValue(name, "text"));
            return "?";
        }

        return content.Length <= 4 * CallReader.ModelLengthMax ? Encoding.UTF8.GetString(content) : new string('?', CallReader.ModelLengthMax + 1);
    }

    private static int CountOf(ReadOnlySpan<byte> content, RequestReading reading)
    {
        if (int.TryParse(content, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= HoldSizing.ChoicesMax)
        {
            return n;
        }

        reading.Fail(RequestMistake.BadValue("n", $"an integer from 1 to {HoldSizing.ChoicesMax}"));
        return 1;
    }

    private static bool FlagOf(ReadOnlySpan<byte> content, RequestReading reading)
    {
        if (Ascii.EqualsIgnoreCase(content, "true"u8) || content.SequenceEqual("1"u8))
        {
            return true;
        }

        if (!Ascii.EqualsIgnoreCase(content, "false"u8) && !content.SequenceEqual("0"u8))
        {
            reading.Fail(RequestMistake.BadValue("stream", "true or false"));
        }

        return false;
    }

    /// <summary>What has been read of a form.</summary>
    private sealed class FormFields
    {
        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public BodySpan? ModelValue { get; set; }

        public string Model { get; set; } = "";

        public int N { get; set; } = 1;

        public bool Stream { get; set; }

        public int Images { get; set; }

        /// <summary>Null: no file came.</summary>
        public long? FileBytes { get; set; }

        public long? FileMilliseconds { get; set; }

        public long TextBytes { get; set; }
    }
}
