using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Media;

/// <summary>Models of images, audio and documents, each charged in its own way, and calls of them.</summary>
internal static class MediaConfig
{
    /// <summary>A boundary as clients make them.</summary>
    public const string Boundary = "----formdata-7d1f2";

    public static async Task<RunningGateway> StartAsync(Uri upstream, string keyLimits = "{}", Uri? spare = null, string timeouts = "{}") => await RunningGateway.StartAsync($$"""
        {
          "providers": [
            { "name": "up", "kind": "openai", "baseUrl": "{{upstream}}", "apiKey": "sk-upstream", "timeouts": {{timeouts}} },
            { "name": "spare", "kind": "openai", "baseUrl": "{{spare ?? upstream}}", "apiKey": "sk-spare" },
            { "name": "claude", "kind": "anthropic", "baseUrl": "{{upstream}}", "apiKey": "sk-claude" },
            { "name": "sim", "kind": "simulated" } ],
          "models": [
            { "name": "dall-e", "routes": [ { "provider": "up", "model": "dall-e-3" } ], "price": { "perImageOutput": 0.04 }, "contextTokensMax": 1000, "outputTokensMax": 1 },
            { "name": "gpt-image", "routes": [ { "provider": "up", "model": "gpt-image-1" } ], "contextTokensMax": 100000, "outputTokensMax": 7000,
              "price": { "inputPerMillion": 5, "outputPerMillion": 20, "imageInputPerMillion": 10, "imageOutputPerMillion": 40 } },
            { "name": "tts", "routes": [ { "provider": "up", "model": "tts-1" }, { "provider": "spare", "model": "tts-spare", "priority": 1 } ],
              "price": { "perMillionCharacters": 15 }, "contextTokensMax": 1, "outputTokensMax": 1 },
            { "name": "mini-tts", "routes": [ { "provider": "up", "model": "gpt-4o-mini-tts" } ],
              "price": { "inputPerMillion": 0.6, "outputPerMillion": 12 }, "contextTokensMax": 4000, "outputTokensMax": 2000 },
            { "name": "whisper", "routes": [ { "provider": "up", "model": "whisper-1" } ], "price": { "perAudioMinute": 0.006 }, "contextTokensMax": 1, "outputTokensMax": 1 },
            { "name": "short-whisper", "routes": [ { "provider": "up", "model": "whisper-1" } ], "price": { "perAudioMinute": 0.006 },
              "contextTokensMax": 1, "outputTokensMax": 1, "audioSecondsMax": 60 },
            { "name": "transcribe", "routes": [ { "provider": "up", "model": "gpt-4o-transcribe" } ],
              "price": { "inputPerMillion": 2.5, "audioInputPerMillion": 6, "outputPerMillion": 10 }, "contextTokensMax": 16000, "outputTokensMax": 2000 },
            { "name": "omni-moderation-latest", "routes": [ { "provider": "up", "model": "omni-2024" } ],
              "price": { "inputPerMillion": 0, "outputPerMillion": 0 }, "contextTokensMax": 32000, "outputTokensMax": 1 },
            { "name": "rank", "routes": [ { "provider": "up", "model": "rerank-v3.5" } ], "price": { "perSearchUnit": 0.002 }, "contextTokensMax": 4096, "outputTokensMax": 1 },
            { "name": "jina", "routes": [ { "provider": "up", "model": "jina-reranker" } ], "price": { "inputPerMillion": 0.02, "outputPerMillion": 0 },
              "contextTokensMax": 8192, "outputTokensMax": 1 },
            { "name": "claude", "routes": [ { "provider": "claude", "model": "c" } ], "price": { "inputPerMillion": 1, "outputPerMillion": 2 },
              "contextTokensMax": 1000, "outputTokensMax": 100 },
            { "name": "sim-1", "routes": [ { "provider": "sim", "model": "sim-1" } ], "price": { "inputPerMillion": 1, "outputPerMillion": 2 },
              "contextTokensMax": 1000, "outputTokensMax": 100 } ],
          "tenants": [ { "id": "acme", "orgs": [ { "id": "eng", "apps": [ { "id": "copilot" } ], "teams": [ { "id": "core" } ], "users": [ { "id": "dev", "teams": ["core"],
            "keys": [ { "id": "k1", "secret": "{{TestConfig.Key}}", "team": "core", "app": "copilot", "limits": {{keyLimits}} } ] } ] } ] } ],
          "admins": [ { "id": "root", "secret": "{{TestConfig.AdminKey}}" } ]
        }
        """);

    public static Task<HttpResponseMessage> PostAsync(
        this RunningGateway gateway, string path, string json, string? idempotencyKey = null, HttpCompletionOption wait = HttpCompletionOption.ResponseContentRead,
        CancellationToken cancellationToken = default) =>
        gateway.PostAsync(path, Encoding.UTF8.GetBytes(json), "application/json", idempotencyKey, wait, cancellationToken);

    public static Task<HttpResponseMessage> PostFormAsync(this RunningGateway gateway, string path, byte[] form, string? idempotencyKey = null) =>
        gateway.PostAsync(path, form, $"multipart/form-data; boundary={Boundary}", idempotencyKey);

    public static Task<HttpResponseMessage> PostAsync(
        this RunningGateway gateway, string path, byte[] body, string contentType, string? idempotencyKey = null,
        HttpCompletionOption wait = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return gateway.Client.SendAsync(request, wait, cancellationToken);
    }

    /// <summary>A form as clients write it. Fields with a file name are files.</summary>
    public static byte[] Form(params (string Name, string? FileName, byte[] Content)[] fields)
    {
        using var body = new MemoryStream();
        void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
        foreach ((string name, string? fileName, byte[] content) in fields)
        {
            Write($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{(fileName is null ? "" : $"; filename=\"{fileName}\"\r\nContent-Type: application/octet-stream")}\r\n\r\n");
            body.Write(content);
            Write("\r\n");
        }

        Write($"--{Boundary}--\r\n");
        return body.ToArray();
    }

    public static (string, string?, byte[]) Field(string name, string value) => (name, null, Encoding.UTF8.GetBytes(value));

    /// <summary>A second of silence: 8 kHz, 8 bits.</summary>
    public static (string, string?, byte[]) Wave(int seconds = 1)
    {
        byte[] file = new byte[44 + (8_000 * seconds)];
        Encoding.ASCII.GetBytes("RIFF....WAVEfmt ").CopyTo(file, 0);
        BitConverter.GetBytes(8_000).CopyTo(file, 28);
        return ("file", "speech.wav", file);
    }

    /// <summary>Bytes that are no text and hold what looks like ends of lines and boundaries.</summary>
    public static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(7).NextBytes(noise);
        "\r\n--"u8.CopyTo(noise);
        return noise;
    }

    /// <summary>The one event, once it is settled, and a bill that can be recomputed.</summary>
    public static async Task<JsonElement> ChargedAsync(this RunningGateway gateway)
    {
        JsonElement charged = Assert.Single(await gateway.EventsAsync());
        using JsonDocument bill = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/usage/verify"));
        Assert.True(bill.RootElement.GetProperty("verified").GetBoolean(), bill.RootElement.ToString());
        await gateway.AssertNothingHeldAsync();
        return charged;
    }

    public static decimal Cost(this JsonElement charged) => charged.GetProperty("costUsd").GetDecimal();

    public static long Count(this JsonElement charged, string name) => charged.GetProperty("tokens").GetProperty(name).GetInt64();

    public static string Operation(this JsonElement charged) => charged.GetProperty("operation").GetString() ?? "";

    public static bool IsEstimated(this JsonElement charged) => charged.GetProperty("estimated").GetBoolean();

    public static string? Header(this HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? Assert.Single(values) : null;

    /// <summary>The code of a refusal.</summary>
    public static async Task<string?> CodeAsync(this HttpResponseMessage response)
    {
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("error").GetProperty("code").GetString();
    }
}
