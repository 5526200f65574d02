using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Testing.ModelServers;

/// <summary>The interface of one vendor.</summary>
internal interface IModelWire
{
    /// <summary>What stands before the paths of calls in a provider's base URL; begins with a slash, or is empty.</summary>
    string BasePath { get; }

    ModelNames Names { get; }

    Task ServeAsync(ServedCall call);

    Task RefuseAsync(ServedCall call, WireRefusalException refusal);
}

/// <summary>What a server remembers between two calls. Thread-safe.</summary>
internal sealed class ServerMemory
{
    public PromptCache Cache { get; } = new();

    public Signatures Signatures { get; } = new();

    public KeptObjects Kept { get; } = new();

    /// <summary>Answers that a later call may continue, by id.</summary>
    public ConcurrentDictionary<string, ModelTask> Conversations { get; } = new();

    /// <summary>Calls so far by the whole name of the model.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new();

    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(20);
}

/// <summary>One request that a server answers.</summary>
internal sealed class ServedCall(HttpContext http, UpstreamRequest request, ServerMemory memory, Action<BilledCall> open)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public HttpContext Http => http;

    public UpstreamRequest Request => request;

    public ServerMemory Memory => memory;

    /// <summary>Null until a model was named.</summary>
    public BilledCall? Bill { get; private set; }

    public string Path => http.Request.Path.Value ?? "";

    /// <summary>Unique, and as opaque as the vendor's.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N")[..24];

    public static string Json(JsonNode? node) => node?.ToJsonString(Relaxed) ?? "null";

    public string? Header(string name) => request.Headers.GetValueOrDefault(name);

    /// <summary>Opens the line of the invoice.</summary>
    /// <returns>The model without its fault.</returns>
    public string Begin(string named)
    {
        (string model, ModelFault fault, bool isEveryOther) = ModelFault.Split(named);
        int number = memory.Calls.AddOrUpdate(named, 1, (_, count) => count + 1);
        Bill = new BilledCall(model, Path, isEveryOther && number % 2 == 0 ? default : fault);
        open(Bill);
        return model;
    }

    public JsonDocument Parse(IWireWords words)
    {
        try
        {
            return JsonDocument.Parse(request.Body);
        }
        catch (JsonException exception)
        {
            throw words.NoJson(exception.Message);
        }
    }

    public async Task SendAsync(int status, JsonNode body, params (string Name, string Value)[] headers)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType ??= "application/json";
        foreach ((string name, string value) in headers)
        {
            http.Response.Headers.Append(name, value);
        }

        await http.Response.WriteAsync(Json(body), http.RequestAborted);
    }
}
