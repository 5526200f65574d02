using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AIOrleans.Testing.ModelServers;

/// <summary><c>/files</c>: uploads are read strictly; a file's name may ask for a fault, as a model's may (<c>a.fault-503.jsonl</c>).</summary>
internal sealed class FilesEndpoint(ServedCall call)
{
    private static readonly string[] Purposes = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"];

    private KeptObjects Kept => call.Memory.Kept;

    /// <param name="rest">The path behind <c>/files</c>.</param>
    public Task ServeAsync(string rest)
    {
        string[] parts = rest.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (call.Http.Request.Method, parts) switch
        {
            ("POST", []) => UploadAsync(),
            ("GET", []) => call.SendAsync(200, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. Kept.Files.Values.Select(file => file.ToJson())]), ["has_more"] = false }),
            ("GET", [var id]) => call.SendAsync(200, Find(id).ToJson()),
            ("DELETE", [var id]) => DeleteAsync(Find(id)),
            ("GET", [var id, "content"]) => GiveAsync(Find(id)),
            _ => throw new WireRefusalException(404, OpenAiWords.Invalid, $"Invalid URL ({call.Http.Request.Method} {call.Path})"),
        };
    }

    private KeptFile Find(string id) =>
        Kept.Files.GetValueOrDefault(id) ?? throw new WireRefusalException(404, OpenAiWords.Invalid, $"No such File object: {id}", "id");

    private Task DeleteAsync(KeptFile file)
    {
        Kept.Files.TryRemove(file.Id, out _);
        return call.SendAsync(200, new JsonObject { ["object"] = "file", ["deleted"] = true, ["id"] = file.Id });
    }

    private async Task GiveAsync(KeptFile file)
    {
        call.Http.Response.ContentType = "application/octet-stream";
        call.Http.Response.ContentLength = file.Bytes.Length;
        await call.Http.Response.Body.WriteAsync(file.Bytes);
    }

    private async Task UploadAsync()
    {
        MediaTypeHeaderValue type = MediaTypeHeaderValue.Parse(call.Header("content-type"));
        MultipartReader reader = new(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), new MemoryStream(call.Request.Body));
        Dictionary<string, string> fields = [];
        (string Name, byte[] Bytes)? file = null;
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            ContentDispositionHeaderValue disposition = ContentDispositionHeaderValue.Parse(section.ContentDisposition);
            using MemoryStream body = new();
            await section.Body.CopyToAsync(body);
            string name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (name == "file")
            {
                file = (HeaderUtilities.RemoveQuotes(disposition.FileName).ToString(), body.ToArray());
            }
            else if (name is not ("purpose" or "expires_after[anchor]" or "expires_after[seconds]") || !fields.TryAdd(name, Encoding.UTF8.GetString(body.ToArray())))
            {
                throw OpenAiWords.Refuse($"Unknown parameter: '{name}'.", name, "unknown_parameter");
            }
        }

        if (file is not { } given || !fields.TryGetValue("purpose", out string? purpose))
        {
            throw OpenAiWords.Refuse("Missing required parameter.", file is null ? "file" : "purpose", "missing_required_parameter");
        }

        if (!Purposes.Contains(purpose))
        {
            throw OpenAiWords.Refuse($"'{purpose}' is not one of [{string.Join(", ", Purposes)}] - 'purpose'", "purpose");
        }

        if (OpenAiWire.RefusalOf(ModelFault.Split(Path.GetFileNameWithoutExtension(given.Name)).Fault) is { } refusal)
        {
            throw refusal;
        }

        KeptFile made = new("file-" + call.Id, given.Name, purpose, given.Bytes);
        Kept.Files[made.Id] = made;
        await call.SendAsync(200, made.ToJson());
    }
}
