using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Host.Tests.Chat;

/// <summary>Shorthand of the queue tests.</summary>
internal static class QueueCalls
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<RunningGateway> StartAsync(FakeUpstream upstream, string limited, string limits, params string[] options) =>
        RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string> { [limited] = limits }), options);

    /// <summary>Holds each call until the test lets one go.</summary>
    public static UpstreamScript AnswerWhenReleased(SemaphoreSlim slots) => async (http, _) =>
    {
        await slots.WaitAsync(Patience);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(ChatSamples.Answer());
    };

    public static Task<HttpResponseMessage> SendAsync(
        RunningGateway gateway, int caller, string queueMs = "30000", string key = TestConfig.Key, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"user":"caller-{{caller}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation("x-aiorleans-queue-ms", queueMs);
        return gateway.Client.SendAsync(request, cancellationToken);
    }

    public static int CallerOf(FakeUpstream upstream, int index)
    {
        using JsonDocument body = JsonDocument.Parse(upstream.Requests.ElementAt(index).Body);
        return int.Parse(body.RootElement.GetProperty("user").GetString()!["caller-".Length..], CultureInfo.InvariantCulture); // ! Sent by every caller.
    }

    public static string PathOf(string kind) => kind switch
    {
        "tenant" => "acme",
        "user" => "acme.eng.dev",
        _ => "acme.eng.k1",
    };

    public static async Task WhenWaitingAsync(RunningGateway gateway, string kind, int length)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using JsonDocument live = JsonDocument.Parse(await gateway.Admin.GetStringAsync($"/api/v1/accounts/{kind}/{PathOf(kind)}/live", patience.Token));
            if (live.RootElement.GetProperty("line").GetProperty("length").GetInt32() == length)
            {
                return;
            }

            await Task.Delay(5, patience.Token);
        }
    }

    public static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    public static async Task<JsonElement> ErrorAsync(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone().GetProperty("error");
    }
}
