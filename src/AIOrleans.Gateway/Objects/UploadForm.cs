using System.Buffers;
using System.Text;
using AIOrleans.Core.Denials;
using AIOrleans.Providers.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AIOrleans.Gateway.Objects;

/// <summary>
/// The form of <c>POST /v1/files</c>: a file, spooled to disk, and a few small fields. For the provider it is written anew, so that no two readers can differ
/// about where a part ends.
/// </summary>
internal sealed class UploadForm : IDisposable
{
    private const int FieldsMax = 32;

    private const int FieldBytesMax = 4 * 1024;

    private const int BoundaryLengthMax = 200;

    private readonly List<KeyValuePair<string, string>> fields = [];

    /// <summary>What was uploaded.</summary>
    public Spool File { get; } = new();

    /// <summary>As the client named it.</summary>
    public string FileName { get; private set; } = "";

    public string FileType { get; private set; } = "application/octet-stream";

    public string Purpose => fields.FirstOrDefault(one => one.Key == "purpose").Value ?? "";

    /// <summary>Reads the whole form.</summary>
    /// <returns>Null: it is read. Otherwise why not.</returns>
    public async Task<Denial?> ReadAsync(HttpRequest request, long bytesMax, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || type.MediaType != "multipart/form-data"
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= BoundaryLengthMax } boundary)
        {
            return new Denial.Malformed(
                "Send a form: 'Content-Type: multipart/form-data' with a boundary, as clients do for calls with files.", null, "unsupported_content_type");
        }

        if (request.ContentLength > bytesMax)
        {
            return TooLarge(bytesMax);
        }

        try
        {
            return await ReadPartsAsync(new MultipartReader(boundary.ToString(), request.Body), bytesMax, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or (IOException and not BadHttpRequestException) && !cancellationToken.IsCancellationRequested)
        {
            return NotAForm("it ends before its last boundary, or its parts have no proper heads");
        }
    }

    /// <summary>The form for the provider.</summary>
    /// <param name="file">What goes as the file: the upload, or the same with other names of models.</param>
    public ObjectBody ToBody(Spool file)
    {
        string boundary = "aiorleans-" + Guid.NewGuid().ToString("N");
        var head = new StringBuilder();
        foreach ((string name, string value) in fields)
        {
            head.Append($"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }

        head.Append($"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{FileName}\"\r\nContent-Type: {FileType}\r\n\r\n");
        byte[] before = Encoding.UTF8.GetBytes(head.ToString());
        byte[] after = Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n");
        return new ObjectBody(
            $"multipart/form-data; boundary={boundary}",
            before.Length + file.Length + after.Length,
            () => new ChainedStream(new MemoryStream(before), file.OpenRead(), new MemoryStream(after)));
    }

    public void Dispose() => File.Dispose();

    private static Denial.BodyTooLarge TooLarge(long bytesMax) => new(bytesMax, "Gateway:FileBytesMax");

    private static Denial.Malformed NotAForm(string why) => new($"The request body is no multipart form: {why}.", null, "invalid_form");

    private async Task<Denial?> ReadPartsAsync(MultipartReader reader, long bytesMax, CancellationToken cancellationToken)
    {
        bool hasFile = false;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is not { Length: > 0 } name || !IsPlain(name))
            {
                return NotAForm("a part has no proper name");
            }

            if (name == "file" ? hasFile : fields.Exists(one => one.Key == name))
            {
                return new Denial.Malformed($"Duplicate parameter: '{name}' appears more than once. Send it once.", name, "duplicate_parameter");
            }

            Denial? denial;
            if (name == "file")
            {
                hasFile = true;
                denial = await ReadFileAsync(section, disposition, bytesMax, cancellationToken);
            }
            else
            {
                denial = await ReadFieldAsync(name, section, cancellationToken);
            }

            if (denial is not null)
            {
                return denial;
            }
        }

        return !hasFile ? Missing("file") : Purpose.Length == 0 ? Missing("purpose") : null;
    }

    private static Denial.Malformed Missing(string name) => new($"Missing required parameter: '{name}'.", name, "missing_required_parameter");

    private async Task<Denial?> ReadFileAsync(MultipartSection section, ContentDispositionHeaderValue disposition, long bytesMax, CancellationToken cancellationToken)
    {
        string named = disposition.FileNameStar.HasValue ? disposition.FileNameStar.ToString() : HeaderUtilities.RemoveQuotes(disposition.FileName).ToString();
        FileName = Clean(named);
        FileType = section.ContentType is { Length: > 0 and < FieldBytesMax } type && IsPlain(type) ? type : FileType;
        await using FileStream spooled = File.Create();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long total = 0;
            int length;
            while ((length = await section.Body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                total += length;
                if (total > bytesMax)
                {
                    return TooLarge(bytesMax);
                }

                await spooled.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            }

            return total == 0 ? new Denial.Malformed("The file is empty. Send one that is not.", "file", "empty_file") : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<Denial?> ReadFieldAsync(string name, MultipartSection section, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[FieldBytesMax + 1];
        int length = await section.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > FieldBytesMax || fields.Count == FieldsMax)
        {
            return NotAForm(length > FieldBytesMax ? $"'{name}' is longer than {FieldBytesMax} bytes" : $"it has more than {FieldsMax} fields");
        }

        fields.Add(new(name, Encoding.UTF8.GetString(bytes, 0, length)));
        return null;
    }

    /// <summary>A name that cannot end the head that it stands in.</summary>
    private static bool IsPlain(string text) => text.All(letter => letter is >= ' ' and < '\x7F' and not '"' and not '\\');

    /// <summary>As <see cref="IsPlain"/>, letters of other languages kept.</summary>
    private static string Clean(string name)
    {
        string cleaned = string.Concat(name.Select(letter => char.IsControl(letter) || letter is '"' or '\\' or '/' ? '_' : letter));
        return cleaned.Length == 0 ? "file" : cleaned;
    }
}
