using System.Net.Http.Headers;
using System.Text;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using AIOrleans.Testing.Issuers;

namespace AIOrleans.Host.Tests.Tokens;

/// <summary>A gateway that trusts the tokens of one issuer.</summary>
internal sealed class TokenGateway : IAsyncDisposable
{
    private TokenGateway(FakeUpstream upstream, TestIssuer issuer, RunningGateway gateway)
    {
        Upstream = upstream;
        Issuer = issuer;
        Gateway = gateway;
    }

    /// <summary>Making one takes long, and tests may share it.</summary>
    public static SigningKey RsaKey { get; } = SigningKey.Rsa();

    public static SigningKey CurveKey { get; } = SigningKey.Curve();

    public FakeUpstream Upstream { get; }

    public TestIssuer Issuer { get; }

    public RunningGateway Gateway { get; }

    /// <param name="options">More of the options <c>Jwt</c>, such as <c>Issuers:corp:TeamClaim=team</c>; a later one wins.</param>
    public static async Task<TokenGateway> StartAsync(params string[] options)
    {
        FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json(ChatSamples.Answer()));
        TestIssuer issuer = await TestIssuer.StartAsync(RsaKey, CurveKey);
        string[] usual =
        [
            $"Issuers:corp:Authority={issuer.Url}", "Issuers:corp:RequireHttpsMetadata=false", $"Issuers:corp:Audience={TestIssuer.Audience}",
            "Issuers:corp:Tenant=acme", "Issuers:corp:Org=eng", "KeysRefreshSecondsMin=1",
        ];
        var gateway = await RunningGateway.StartAsync(TestConfig.Json(upstream.BaseUrl), [.. usual.Concat(options).Select(option => "--Jwt:" + option)]);
        return new TokenGateway(upstream, issuer, gateway);
    }

    /// <summary>A chat call with a token, in OpenAI's words.</summary>
    public Task<HttpResponseMessage> ChatAsync(string token, string? idempotencyKey = null) =>
        SendAsync("/v1/chat/completions", token, ChatSamples.Request("gpt-4o"), idempotencyKey);

    public Task<HttpResponseMessage> SendAsync(string path, string token, string? body = null, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return Gateway.Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Issuer.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
