using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Benchmarks.Gateway;

/// <summary>The least that a gateway can do: Kestrel in front, HttpClient behind, nothing between. What AIOrleans is measured against.</summary>
internal sealed class BareForwarder : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpMessageInvoker upstream = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });

    private BareForwarder(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.First());

    public static async Task<BareForwarder> StartAsync(Uri target)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var forwarder = new BareForwarder(builder.Build());
        forwarder.app.Run(http => forwarder.ForwardAsync(http, target));
        await forwarder.app.StartAsync();
        return forwarder;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        upstream.Dispose();
    }

    private async Task ForwardAsync(HttpContext http, Uri target)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length) };
        request.Content.Headers.ContentType = new("application/json");
        using HttpResponseMessage response = await upstream.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = response.Content.Headers.ContentLength;
        await response.Content.CopyToAsync(http.Response.Body);
    }
}
