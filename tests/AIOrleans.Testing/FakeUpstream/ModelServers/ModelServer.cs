using System.Collections.Concurrent;
using System.Net;
using AIOrleans.Testing.ModelServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Testing;

/// <summary>
/// A provider on a loopback socket that behaves as the real one does: it is as strict about requests, answers in the same words, streams by the same grammar, verifies
/// its own signatures and writes an invoice. What it answers follows rules (<see cref="Thinker"/>), and what goes wrong is chosen by the model's name
/// (<see cref="ModelFault"/>). Thread-safe.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    /// <summary>The only key that is taken.</summary>
    public const string ApiKey = "sk-model-server-canary";

    private readonly WebApplication app;
    private readonly IModelWire wire;
    private readonly ServerMemory memory = new();
    private readonly ConcurrentQueue<UpstreamRequest> requests = new();
    private readonly ConcurrentQueue<BilledCall> invoice = new();

    private ModelServer(WebApplication app, IModelWire wire)
    {
        this.app = app;
        this.wire = wire;
    }

    /// <summary>The root of the server.</summary>
    public Uri Url => new(app.Urls.First());

    /// <summary>To be configured as a provider's base URL.</summary>
    public Uri BaseUrl => new(Url, wire.BasePath);

    /// <summary>The models that it knows.</summary>
    public ModelNames Names => wire.Names;

    /// <summary>Every request received so far, oldest first.</summary>
    public IReadOnlyCollection<UpstreamRequest> Requests => requests;

    /// <summary>Every call of a model so far, refused ones too, oldest first.</summary>
    public IReadOnlyCollection<BilledCall> Invoice => invoice;

    /// <summary>Between two events of a slow answer.</summary>
    public TimeSpan Pace
    {
        get => memory.Pace;
        set => memory.Pace = value;
    }

    /// <summary>Starts on a free port, or on <paramref name="port"/>.</summary>
    public static async Task<ModelServer> StartAsync(ModelWire wire, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
        });
        ModelServer server = new(builder.Build(), wire switch
        {
            ModelWire.Anthropic => new AnthropicWire(),
            ModelWire.Gemini => new GeminiWire(),
            ModelWire.Bedrock => new BedrockWire(),
            _ => new OpenAiWire(isAzure: wire == ModelWire.AzureOpenAi),
        });
        server.app.Run(server.ServeAsync);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Waits until so many calls have ended, and gives them in the order in which they began.</summary>
    public async Task<IReadOnlyList<BilledCall>> WhenBilledAsync(int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (invoice.Count(call => call.End != CallEnd.Open) < count)
        {
            await Task.Delay(5, patience.Token);
        }

        return [.. invoice];
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = http.RequestAborted.Register(closed.SetResult);
        UpstreamRequest request = new(
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            closed.Task);
        requests.Enqueue(request);
        ServedCall call = new(http, request, memory, invoice.Enqueue);
        try
        {
            await wire.ServeAsync(call);
        }
        catch (WireRefusalException refusal)
        {
            await wire.RefuseAsync(call, refusal);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The caller left.
        }

        call.Bill?.Close(http.Response.StatusCode, http.RequestAborted.IsCancellationRequested);
    }
}

/// <summary>Models of one vendor.</summary>
/// <param name="Chat">Answers, and does not think unless it is asked to.</param>
/// <param name="Thinker">Thinks when it is asked to, or always.</param>
/// <param name="Embedder">Null: the vendor has none in this format.</param>
/// <param name="Completer">Likewise.</param>
public sealed record ModelNames(string Chat, string Thinker, string? Embedder = null, string? Completer = null);

/// <summary>Whose interface a <see cref="ModelServer"/> has.</summary>
public enum ModelWire
{
    OpenAi,
    AzureOpenAi,
    Anthropic,
    Gemini,
    Bedrock,
}
