using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIOrleans.Chaos.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Chaos.Provider;

/// <summary>Two providers that speak OpenAI's protocol on one socket (<c>/north/v1</c>, <c>/south/v1</c>), with faults by plan.</summary>
internal sealed partial class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Invoice invoice;
    private readonly TimeProvider time;
    private readonly int seed;
    private readonly bool isCalm;

    private FakeProvider(WebApplication app, Invoice invoice, int seed, bool isCalm, TimeProvider time)
    {
        this.app = app;
        this.invoice = invoice;
        this.seed = seed;
        this.isCalm = isCalm;
        this.time = time;
    }

    public Uri Url => new(app.Urls.First());

    /// <param name="isCalm">Answers everything, and soon.</param>
    public static async Task<FakeProvider> StartAsync(Invoice invoice, int seed, IPAddress address, bool isCalm, TimeProvider time)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var provider = new FakeProvider(builder.Build(), invoice, seed, isCalm, time);
        provider.app.Run(provider.ServeAsync);
        await provider.app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        string prompt = body.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!;
        string provider = http.Request.Path.Value!.Split('/')[1];
        string token = TokenMark().Match(prompt).Groups[1].Value;
        AnswerPlan plan = AnswerPlan.Of(seed, token, provider, isCalm);
        var line = new InvoiceLine(token, provider, body.RootElement.GetProperty("model").GetString()!, time.GetUtcNow()) { Fault = plan.Fault };
        invoice.Open(line);
        ToldUsage usage = invoice.ChooseUsage(token, () => plan.NextUsage(prompt.Length, body.RootElement.GetProperty("max_tokens").GetInt32()));
        bool streamed = body.RootElement.TryGetProperty("stream", out JsonElement stream) && stream.GetBoolean();
        try
        {
            await new ProviderAnswer(http, plan, line, usage, invoice, time).WriteAsync(streamed);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            line.End = LineEnd.Broken;
        }

        line.HungUp = line.Fault is not (ProviderFault.ResetBeforeFirstByte or ProviderFault.ResetAfterFirstByte) && http.RequestAborted.IsCancellationRequested;
        line.EndedAt = time.GetUtcNow();
    }

    [GeneratedRegex(@"\[\[(.+?)\]\]")]
    private static partial Regex TokenMark();
}
