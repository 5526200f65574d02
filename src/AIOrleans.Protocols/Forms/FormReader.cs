using System.Text;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Forms;

/// <summary>Cuts a <c>multipart/form-data</c> body into its parts. Strict: what two readers could understand differently is refused, not guessed.</summary>
/// <remarks>
/// One pass, time linear in the body; nothing is copied. No preamble, no epilogue, no folded headers, no transfer encodings; the boundary stands nowhere but
/// between parts. Source: RFC 7578 and RFC 2046 §5.1.1.
/// </remarks>
internal static class FormReader
{
    /// <summary>Most parts: an edit of sixteen images has some thirty.</summary>
    public const int PartsMax = 128;

    /// <summary>Most bytes of one part's headers.</summary>
    private const int HeadBytesMax = 8 * 1024;

    /// <summary>Longest name of a field.</summary>
    private const int NameLengthMax = 128;

    /// <summary>RFC 2046 §5.1.1.</summary>
    private const int BoundaryLengthMax = 70;

    /// <summary>The boundary that a <c>Content-Type</c> names; null when it is not that of a form.</summary>
    public static string? BoundaryOf(string? contentType) =>
        contentType is { Length: <= 256 } && Ascii.IsValid(contentType)
            && HeaderParameters.TryRead(Encoding.ASCII.GetBytes(contentType)) is ("multipart/form-data", var values)
            && values.TryGetValue("boundary", out string? boundary) && boundary.Length is > 0 and <= BoundaryLengthMax && !boundary.EndsWith(' ')
            ? boundary : null;

    /// <summary>The parts in order, or why the body is no form: exactly one of both is null. Never throws, whatever the bytes.</summary>
    public static (IReadOnlyList<FormPart>? Parts, string? Fault) Read(ReadOnlySpan<byte> body, string boundary)
    {
        ReadOnlySpan<byte> delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
        if (!body.StartsWith(delimiter[2..]))
        {
            return (null, "it does not begin with the boundary that its Content-Type names");
        }

        List<FormPart> parts = [];
        int at = delimiter.Length - 2;
        while (true)
        {
            ReadOnlySpan<byte> rest = body[at..];
            if (rest.StartsWith("--"u8))
            {
                return rest[2..] is [] or [(byte)'\r', (byte)'\n'] ? (parts, null) : (null, "something follows its last boundary");
            }

            if (!rest.StartsWith("\r\n"u8))
            {
                return (null, "a boundary stands where none can be");
            }

            if (parts.Count == PartsMax)
            {
                return (null, $"it has more than {PartsMax} parts");
            }

            int head = at + 2;
            int headLength = body[head..Math.Min(body.Length, head + HeadBytesMax)].IndexOf("\r\n\r\n"u8);
            if (headLength < 0)
            {
                return (null, $"the headers of a part do not end, or have more than {HeadBytesMax} bytes");
            }

            if (body.Slice(head - 2, headLength + 2).IndexOf(delimiter) >= 0)
            {
                return (null, "a boundary stands where none can be");
            }

            if (ReadHead(body.Slice(head, headLength), out string name, out bool isFile) is { } fault)
            {
                return (null, fault);
            }

            // A boundary right behind the headers would leave the part without the line end that is before it.
            int content = head + headLength + 4;
            if (body[(content - 2)..].StartsWith(delimiter))
            {
                return (null, "a boundary stands where none can be");
            }

            int length = body[content..].IndexOf(delimiter);
            if (length < 0)
            {
                return (null, "its last part is not ended by the boundary");
            }

            parts.Add(new FormPart(name, isFile, new BodySpan(content, length)));
            at = content + length + delimiter.Length;
        }
    }

    private static string? ReadHead(ReadOnlySpan<byte> head, out string name, out bool isFile)
    {
        name = "";
        isFile = false;
        bool isNamed = false;
        while (!head.IsEmpty)
        {
            int end = head.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? head : head[..end];
            head = end < 0 ? default : head[(end + 2)..];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) >= 0 || line[..colon].ContainsAny((byte)' ', (byte)'\t'))
            {
                return "a part has a header that is none";
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(line[..colon], "content-disposition"u8))
            {
                if (isNamed || !TryReadName(value, out name, out isFile))
                {
                    return "a part has no Content-Disposition that names a field, or more than one";
                }

                isNamed = true;
            }
            else if (Ascii.EqualsIgnoreCase(line[..colon], "content-transfer-encoding"u8)
                && !Ascii.EqualsIgnoreCase(value, "binary"u8) && !Ascii.EqualsIgnoreCase(value, "8bit"u8) && !Ascii.EqualsIgnoreCase(value, "7bit"u8))
            {
                return "a part has a Content-Transfer-Encoding, which forms do not";
            }
        }

        return isNamed ? null : "a part has no Content-Disposition that names a field, or more than one";
    }

    private static bool TryReadName(ReadOnlySpan<byte> value, out string name, out bool isFile)
    {
        name = "";
        isFile = false;
        if (HeaderParameters.TryRead(value) is not ("form-data", var values) || !values.Remove("name", out string? told))
        {
            return false;
        }

        // Not "|": both have to go.
        isFile = values.Remove("filename");
        isFile |= values.Remove("filename*");
        name = told;
        return values.Count == 0 && name.Length is > 0 and <= NameLengthMax && !name.Contains('\\', StringComparison.Ordinal);
    }
}
