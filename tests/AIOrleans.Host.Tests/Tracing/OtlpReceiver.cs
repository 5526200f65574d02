using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Host.Tests.Tracing;

/// <summary>A span as a collector gets it.</summary>
internal sealed record ReceivedSpan(string TraceId, string Id, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A collector that takes OTLP over HTTP on a free port and keeps what it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, string Header, byte[] Body)> posts = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    public Uri Url { get; private set; } = null!; // ! Set by StartAsync.

    /// <summary>Header <c>x-collector</c> of each post.</summary>
    public IEnumerable<string> Headers => posts.Select(post => post.Header);

    /// <summary>Everything that came, as text, to look for what must not be in it.</summary>
    public string Raw => string.Concat(posts.Select(post => Encoding.Latin1.GetString(post.Body)));

    public IReadOnlyList<ReceivedSpan> Spans => [.. Bodies("/v1/traces").SelectMany(SpansOf)];

    /// <summary>Attributes of the resource that sent the spans.</summary>
    public IReadOnlyDictionary<string, string> Resource =>
        Bodies("/v1/traces").SelectMany(body => ProtoField.Of(body)).SelectMany(resourceSpans => resourceSpans.Fields).Where(part => part.Number == 1)
            .Select(resource => AttributesOf(resource.Fields, 1)).First();

    /// <summary>Names of the metrics that came.</summary>
    public IReadOnlyList<string> Metrics =>
    [
        .. Bodies("/v1/metrics").SelectMany(body => ProtoField.Of(body)).SelectMany(resource => resource.Fields).Where(part => part.Number == 2)
            .SelectMany(scope => scope.Fields).Where(part => part.Number == 2).Select(metric => metric.Fields.First(part => part.Number == 1).Text),
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/{signal}", (RequestDelegate)receiver.TakeAsync);
        await app.StartAsync();
        receiver.Url = new Uri(app.Urls.First());
        return receiver;
    }

    /// <summary>Waits until something that came is as <paramref name="isThere"/> wants it.</summary>
    public async Task WhenAsync(Func<OtlpReceiver, bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isThere(this))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        posts.Enqueue((http.Request.Path, http.Request.Headers["x-collector"].ToString(), body.ToArray()));
        http.Response.ContentType = "application/x-protobuf";
    }

    private IEnumerable<ReadOnlyMemory<byte>> Bodies(string path) => posts.Where(post => post.Path == path).Select(post => (ReadOnlyMemory<byte>)post.Body);

    // Source: opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto.
    private static IEnumerable<ReceivedSpan> SpansOf(ReadOnlyMemory<byte> body) =>
        from resourceSpans in ProtoField.Of(body)
        from scopeSpans in resourceSpans.Fields.Where(field => field.Number == 2)
        from span in scopeSpans.Fields.Where(field => field.Number == 2)
        let fields = span.Fields.ToLookup(field => field.Number)
        select new ReceivedSpan(
            fields[1].First().Hex, fields[2].First().Hex, fields[4].Select(field => field.Hex).FirstOrDefault(""), fields[5].First().Text, (int)fields[6].First().Value,
            AttributesOf(span.Fields, 9));

    private static Dictionary<string, string> AttributesOf(IEnumerable<ProtoField> fields, int number) =>
        fields.Where(field => field.Number == number).ToDictionary(
            field => field.Fields.First(part => part.Number == 1).Text,
            field => ValueOf(field.Fields.First(part => part.Number == 2).Fields.FirstOrDefault()));

    private static string ValueOf(ProtoField value) => value.Number switch
    {
        1 => value.Text,
        2 => value.Value == 1 ? "true" : "false",
        4 => BitConverter.UInt64BitsToDouble(value.Value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
