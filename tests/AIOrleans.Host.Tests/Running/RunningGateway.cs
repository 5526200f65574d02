using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Host.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Host.Tests.Running;

/// <summary>The whole gateway in this process, on a free port, with a data folder of its own.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;

    private RunningGateway(WebApplication app, string folder, string url)
    {
        this.app = app;
        this.folder = folder;
        Url = new Uri(url);
        Client = new HttpClient { BaseAddress = Url };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestConfig.Key);
        Admin = new HttpClient { BaseAddress = Url };
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestConfig.AdminKey);
    }

    public Uri Url { get; }

    /// <summary>Calls with <see cref="TestConfig.Key"/>.</summary>
    public HttpClient Client { get; }

    /// <summary>Calls with <see cref="TestConfig.AdminKey"/>.</summary>
    public HttpClient Admin { get; }

    public string ConfigPath => Path.Combine(folder, "config.jsonc");

    public static async Task<RunningGateway> StartAsync(string config, params string[] options)
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("aiorleans-test-").FullName;
        string configPath = Path.Combine(folder, "config.jsonc");
        await File.WriteAllTextAsync(configPath, config);
        WebApplication app = GatewayApp.Build(["--config", configPath, "--data", folder, "--urls", "http://127.0.0.1:0", .. options]);
        StartReport report = await GatewayApp.StartAsync(app, CancellationToken.None);
        return new RunningGateway(app, folder, report.Url);
    }

    public T Service<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Sends a chat request body as it is.</summary>
    public Task<HttpResponseMessage> ChatAsync(string json, HttpCompletionOption wait = HttpCompletionOption.ResponseContentRead) =>
        Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") }, wait);

    /// <summary>Likewise, under an <c>Idempotency-Key</c>.</summary>
    public Task<HttpResponseMessage> ChatAsync(
        string json, string idempotencyKey, HttpCompletionOption wait = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return Client.SendAsync(request, wait, cancellationToken);
    }

    /// <summary>Waits until so many requests run at once.</summary>
    public async Task WhenInFlightAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Service<InFlight>().Count != count)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>Waits until no request runs, everything is settled, and every answer that is to be kept is.</summary>
    public async Task WhenIdleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var inFlight = Service<InFlight>();
        while (inFlight.Count > 0)
        {
            await Task.Delay(5, patience.Token);
        }

        await Service<SettlementTracker>().WhenIdleAsync();
        await Service<LeadEndings>().WhenIdleAsync();
    }

    /// <summary>Live numbers of an account, e.g. <c>key/acme.eng.k1</c>, once everything is settled.</summary>
    public async Task<JsonElement> LiveAsync(string account)
    {
        await WhenIdleAsync();
        using JsonDocument document = JsonDocument.Parse(await Admin.GetStringAsync($"/api/v1/accounts/{account}/live"));
        return document.RootElement.Clone();
    }

    /// <summary>Usage events, newest first, once everything is settled.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync()
    {
        await WhenIdleAsync();
        using JsonDocument document = JsonDocument.Parse(await Admin.GetStringAsync("/api/v1/usage/events"));
        return [.. document.RootElement.Clone().GetProperty("events").EnumerateArray()];
    }

    /// <summary>The usage of every attempt that was charged as its provider told, and not estimated.</summary>
    public async Task<IReadOnlyList<TokenUsage>> ExactUsageAsync()
    {
        await WhenIdleAsync();
        using JsonDocument document = JsonDocument.Parse(await Admin.GetStringAsync("/api/v1/usage/events?limit=1000"));
        return
        [
            .. document.RootElement.GetProperty("events").EnumerateArray()
                .Where(e => !e.GetProperty("estimated").GetBoolean() && e.GetProperty("tokens").GetProperty("total").GetInt64() > 0)
                .Select(e => e.GetProperty("tokens").Deserialize<TokenUsage>(JsonSerializerOptions.Web)),
        ];
    }

    /// <summary>Fails when any account of the test's path still holds something.</summary>
    public async Task AssertNothingHeldAsync()
    {
        foreach (string account in (string[])["tenant/acme", "org/acme.eng", "team/acme.eng.core", "user/acme.eng.dev", "key/acme.eng.k1", "app/acme.eng.copilot"])
        {
            JsonElement live = await LiveAsync(account);
            Assert.Equal(0, live.GetProperty("holds").GetProperty("count").GetInt32());
            Assert.Equal(0, live.GetProperty("slots").GetProperty("used").GetInt32());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        System.IO.Directory.Delete(folder, recursive: true);
    }
}
