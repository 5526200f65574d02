using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AIOrleans.Providers.Bedrock;

/// <summary>One frame of <c>application/vnd.amazon.eventstream</c>: an event or an exception with its JSON.</summary>
/// <remarks>
/// On the wire, numbers most significant byte first: total length (4), length of the headers (4), checksum of these eight bytes (4), headers, payload,
/// checksum of all before it (4). A header is the length of its name (1), the name, the type of its value (1) and the value.
/// Source: docs.aws.amazon.com, "Amazon Transcribe Developer Guide", "Event stream encoding".
/// </remarks>
/// <param name="Name">The event's or the exception's type; <see cref="Protocols.Bedrock.BedrockErrors.UnmodeledEvent"/> for an error that has none.</param>
/// <param name="Payload">A slice of what was read from, or the words of an error without a payload.</param>
internal readonly record struct EventFrame(string Name, ReadOnlyMemory<byte> Payload)
{
    /// <summary>1 MiB, as the events of other streams; frames of Bedrock hold a few words.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>Both lengths and their checksum.</summary>
    public const int PreludeBytes = 12;

    private const int ChecksumBytes = 4;

    /// <summary>Letters of an event's name: it becomes a line of text.</summary>
    private const int NameLengthMax = 64;

    /// <summary>Types of a header's value: two of no bytes, numbers of 1, 2, 4 and 8, bytes, text, an instant of 8, and a UUID of 16.</summary>
    private const byte TypeBytes = 6;
    private const byte TypeText = 7;

    /// <summary>The length of the frame that <paramref name="bytes"/> begin with; null while the prelude is not complete.</summary>
    /// <exception cref="HttpIOException">No frame, or one that is too large.</exception>
    public static int? LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PreludeBytes)
        {
            return null;
        }

        uint total = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        uint headers = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        bool isWhole = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) == Crc32.Of(bytes[..8]);
        return isWhole && total <= BytesMax && headers <= total && total - headers >= PreludeBytes + ChecksumBytes ? (int)total : throw Malformed();
    }

    /// <summary>Reads a whole frame.</summary>
    /// <returns>Null for a kind of message that says nothing, e.g. one to keep the connection open.</returns>
    /// <exception cref="HttpIOException">Damaged, or not as it should be.</exception>
    public static EventFrame? Read(ReadOnlyMemory<byte> frame)
    {
        ReadOnlySpan<byte> bytes = frame.Span;
        int end = bytes.Length - ChecksumBytes;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[end..]) != Crc32.Of(bytes[..end]))
        {
            throw Malformed();
        }

        int payload = PreludeBytes + (int)BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        Headers headers = Headers.Read(bytes[PreludeBytes..payload]);
        return headers.MessageType switch
        {
            "event" => new EventFrame(Checked(headers.EventType), frame[payload..end]),
            "exception" => new EventFrame(Checked(headers.ExceptionType), frame[payload..end]),
            "error" => new EventFrame(Protocols.Bedrock.BedrockErrors.UnmodeledEvent, headers.ToJson()),
            null => throw Malformed(),
            _ => null,
        };
    }

    private static string Checked([NotNull] string? name) =>
        name is { Length: > 0 and <= NameLengthMax } && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? name : throw Malformed();

    private static HttpIOException Malformed() => new(HttpRequestError.InvalidResponse, "A frame of the event stream is malformed.");

    /// <summary>The headers that matter.</summary>
    private record struct Headers
    {
        public string? MessageType { get; private set; }

        public string? EventType { get; private set; }

        public string? ExceptionType { get; private set; }

        public string? ErrorCode { get; private set; }

        public string? ErrorMessage { get; private set; }

        public static Headers Read(ReadOnlySpan<byte> bytes)
        {
            Headers headers = default;
            while (!bytes.IsEmpty)
            {
                ReadOnlySpan<byte> name = Take(ref bytes, Take(ref bytes, 1)[0]);
                byte type = Take(ref bytes, 1)[0];
                ReadOnlySpan<byte> value = Take(ref bytes, type switch
                {
                    0 or 1 => 0,
                    2 => 1,
                    3 => 2,
                    4 => 4,
                    5 or 8 => 8,
                    9 => 16,
                    TypeBytes or TypeText => BinaryPrimitives.ReadUInt16BigEndian(Take(ref bytes, 2)),
                    _ => throw Malformed(),
                });
                if (type == TypeText)
                {
                    headers.Set(name, value);
                }
            }

            return headers;
        }

        /// <summary>The error in the words of an exception's payload.</summary>
        public readonly byte[] ToJson()
        {
            using MemoryStream json = new();
            using (System.Text.Json.Utf8JsonWriter writer = new(json))
            {
                writer.WriteStartObject();
                writer.WriteString("code"u8, ErrorCode);
                writer.WriteString("message"u8, ErrorMessage);
                writer.WriteEndObject();
            }

            return json.ToArray();
        }

        private void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            if (name.SequenceEqual(":message-type"u8))
            {
                MessageType = Encoding.UTF8.GetString(value);
            }
            else if (name.SequenceEqual(":event-type"u8))
            {
                EventType = Encoding.UTF8.GetString(value);
            }
            else if (name.SequenceEqual(":exception-type"u8))
            {
                ExceptionType = Encoding.UTF8.GetString(value);
            }
            else if (name.SequenceEqual(":error-code"u8))
            {
                ErrorCode = Encoding.UTF8.GetString(value);
            }
            else if (name.SequenceEqual(":error-message"u8))
            {
                ErrorMessage = Encoding.UTF8.GetString(value);
            }
        }

        private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
        {
            if (count > bytes.Length)
            {
                throw Malformed();
            }

            ReadOnlySpan<byte> taken = bytes[..count];
            bytes = bytes[count..];
            return taken;
        }
    }
}
