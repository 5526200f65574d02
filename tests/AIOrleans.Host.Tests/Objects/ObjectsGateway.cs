using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Objects;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Objects;

/// <summary>A gateway before one provider of OpenAI's that keeps files, with two orgs of one tenant, and another tenant.</summary>
internal sealed class ObjectsGateway : IAsyncDisposable
{
    public const string OtherOrgKey = "sk-test-sales";

    public const string OtherTenantKey = "sk-test-rival";

    private const string Price = """{ "inputPerMillion": 2, "outputPerMillion": 8, "batch": { "inputPerMillion": 1, "outputPerMillion": 4 } }""";

    private ObjectsGateway(ModelServer provider, RunningGateway gateway)
    {
        Provider = provider;
        Gateway = gateway;
    }

    public ModelServer Provider { get; }

    public RunningGateway Gateway { get; }

    /// <param name="limits">JSON of the limits of key <c>k1</c>.</param>
    public static async Task<ObjectsGateway> StartAsync(string limits = "{}")
    {
        ModelServer provider = await ModelServer.StartAsync(ModelWire.OpenAi);
        return new ObjectsGateway(provider, await RunningGateway.StartAsync(Json(provider, limits), "--Gateway:BatchPollSeconds", "3600", "--Gateway:FileBytesMax", "100000"));
    }

    /// <summary>Uploads <paramref name="content"/>.</summary>
    public async Task<HttpResponseMessage> UploadAsync(string content, string purpose = "batch", string name = "calls.jsonl", string? key = null, bool fileFirst = true, string? provider = null)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/jsonl");
        if (!fileFirst)
        {
            form.Add(new StringContent(purpose), "purpose");
        }

        form.Add(file, "file", name);
        if (fileFirst)
        {
            form.Add(new StringContent(purpose), "purpose");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = form };
        if (provider is not null)
        {
            request.Headers.Add("x-aiorleans-provider", provider);
        }

        return await SendAsync(request, key);
    }

    public async Task<string> UploadedAsync(string content, string purpose = "batch", string? key = null) =>
        (await JsonOf(await UploadAsync(content, purpose, key: key))).GetProperty("id").GetString()!; // ! A file has an id.

    public Task<HttpResponseMessage> CreateBatchAsync(string file, string? key = null, string endpoint = "/v1/chat/completions", string metadata = "null") =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/batches")
            {
                Content = new StringContent(
                    $$"""{"input_file_id":"{{file}}","endpoint":"{{endpoint}}","completion_window":"24h","metadata":{{metadata}}}""", Encoding.UTF8, "application/json"),
            },
            key);

    public async Task<string> CreatedBatchAsync(string file, string metadata = "null") =>
        (await JsonOf(await CreateBatchAsync(file, metadata: metadata))).GetProperty("id").GetString()!; // ! A batch has an id.

    public Task<HttpResponseMessage> GetAsync(string path, string? key = null) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), key);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null) => SendAsync(new HttpRequestMessage(method, path), key);

    /// <summary>Asks for a batch until it is over.</summary>
    public async Task<JsonElement> WhenOverAsync(string batch)
    {
        while (true)
        {
            JsonElement told = await JsonOf(await GetAsync($"/v1/batches/{batch}"));
            if (told.GetProperty("status").GetString() is "completed" or "failed" or "expired" or "cancelled")
            {
                return told;
            }
        }
    }

    /// <summary>Makes a batch due to be looked at now.</summary>
    public async Task MakeDueAsync(string batch)
    {
        var objects = Gateway.Service<IObjectStore>();
        StoredObject? stored = await objects.FindAsync(AccountId.Of(AccountKind.Org, "acme", "eng"), ObjectKind.Batch, batch, CancellationToken.None);
        Assert.NotNull(stored);
        await objects.NoteAsync(stored with { DueAt = DateTimeOffset.UnixEpoch }, CancellationToken.None);
    }

    /// <summary>Has the keeper look at what is due.</summary>
    public Task LookAsync() => Gateway.Service<BatchKeeper>().LookAsync(CancellationToken.None);

    public static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A line of the input of a batch.</summary>
    public static string Line(string id, string text, string model = "chat", string more = "") =>
        $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"{{{model}}}","messages":[{"role":"user","content":"{{{text}}}"}],"max_completion_tokens":50{{{more}}} } }""";

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? key)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? TestConfig.Key);
        return await Gateway.Client.SendAsync(request);
    }

    /// <summary>The gateway's configuration.</summary>
    public static string Json(ModelServer provider, string limits = "{}") => $$"""
        {
          "providers": [
            { "name": "claude", "kind": "anthropic", "baseUrl": "{{provider.BaseUrl}}", "apiKey": "sk-none" },
            { "name": "up", "kind": "openai", "baseUrl": "{{provider.BaseUrl}}", "apiKey": "{{ModelServer.ApiKey}}" } ],
          "models": [
            { "name": "chat", "routes": [ { "provider": "up", "model": "{{provider.Names.Chat}}" } ], "price": {{Price}}, "contextTokensMax": 128000, "outputTokensMax": 8000 },
            { "name": "broken", "routes": [ { "provider": "up", "model": "{{provider.Names.Chat}}.fault-400" } ], "price": {{Price}}, "contextTokensMax": 128000, "outputTokensMax": 8000 },
            { "name": "other", "routes": [ { "provider": "up", "model": "{{provider.Names.Thinker}}" } ], "price": {{Price}}, "contextTokensMax": 128000, "outputTokensMax": 8000 },
            { "name": "claude-only", "routes": [ { "provider": "claude", "model": "claude" } ], "price": {{Price}}, "contextTokensMax": 128000, "outputTokensMax": 8000 },
            { "name": "secret", "routes": [ { "provider": "up", "model": "{{provider.Names.Chat}}" } ], "price": {{Price}}, "contextTokensMax": 128000, "outputTokensMax": 8000 } ],
          "tenants": [
            { "id": "acme", "orgs": [
              { "id": "eng", "allowedModels": [ "chat", "broken", "other", "claude-only" ], "apps": [ { "id": "copilot" } ], "teams": [ { "id": "core" } ], "users": [ { "id": "dev", "teams": ["core"], "keys": [
                { "id": "k1", "secret": "{{TestConfig.Key}}", "team": "core", "app": "copilot", "limits": {{limits}} },
                { "id": "k2", "secret": "{{TestConfig.OtherKey}}", "team": "core" } ] } ] },
              { "id": "sales", "users": [ { "id": "ann", "keys": [ { "id": "k9", "secret": "{{OtherOrgKey}}" } ] } ] } ] },
            { "id": "rival", "orgs": [ { "id": "eng", "users": [ { "id": "bob", "keys": [ { "id": "k1", "secret": "{{OtherTenantKey}}" } ] } ] } ] } ],
          "admins": [ { "id": "root", "secret": "{{TestConfig.AdminKey}}" } ]
        }
        """;
}
