using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Providers.Objects;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

/// <summary>Calls about the objects that a provider keeps.</summary>
public sealed class ObjectTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    private IObjectProvider Objects => services.GetRequiredService<IObjectProvider>();

    [Theory]
    [InlineData("openai", "/v1", null, "/v1/files/a%2Fb?limit=2")]
    [InlineData("azure-openai", "/openai/v1", null, "/openai/v1/files/a%2Fb?limit=2")]
    [InlineData("azure-openai", "/openai/v1", "preview", "/openai/v1/files/a%2Fb?api-version=preview&limit=2")]
    [InlineData("azure-openai", "", "2024-10-21", "/openai/files/a%2Fb?api-version=2024-10-21&limit=2")]
    [InlineData("azure-openai", "/openai", "2024-10-21", "/openai/files/a%2Fb?api-version=2024-10-21&limit=2")]
    public async Task They_go_to_the_address_of_the_kind_with_its_key(string kind, string path, string? version, string expected)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}"));
        ProviderConfig provider = Attempts.Provider(new Uri(upstream.BaseUrl, path.Length == 0 ? "/" : path), apiKey: "sk-upstream") with { Kind = kind, ApiVersion = version };

        ObjectResult result = await Objects.CallAsync(new ObjectCall(provider, HttpMethod.Delete, "/files/a%2Fb") { Query = "limit=2" }, CancellationToken.None);

        Assert.IsType<ObjectResult.Answered>(result);
        UpstreamRequest received = Assert.Single(upstream.Requests);
        Assert.Equal(("DELETE", expected), (received.Method, received.Path));
        Assert.Equal("sk-upstream", kind == "openai" ? received.Headers["authorization"]["Bearer ".Length..] : received.Headers["api-key"]);
    }

    [Fact]
    public async Task A_body_goes_whole_and_again_with_the_next_key()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}", 401), UpstreamScripts.Json("{\"id\":\"file-1\"}"));
        ProviderConfig provider = Attempts.Provider(upstream.BaseUrl) with { ApiKeys = [new Secret("sk-one"), new Secret("sk-two")] };
        byte[] body = Encoding.UTF8.GetBytes(new string('x', 1_000_000));

        ObjectResult result = await Objects.CallAsync(
            new ObjectCall(provider, HttpMethod.Post, "/files") { Body = new ObjectBody("multipart/form-data; boundary=b", body.Length, () => new MemoryStream(body)) },
            CancellationToken.None);

        Assert.Equal("{\"id\":\"file-1\"}", Encoding.UTF8.GetString(Assert.IsType<ObjectResult.Answered>(result).Body.Span));
        Assert.Equal(["Bearer sk-one", "Bearer sk-two"], upstream.Requests.Select(request => request.Headers["authorization"]));
        Assert.All(upstream.Requests, request => Assert.True(request.Body.AsSpan().SequenceEqual(body)));
        Assert.All(upstream.Requests, request => Assert.Equal("multipart/form-data; boundary=b", request.Headers["content-type"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task Contents_come_whole_whatever_their_length_and_type(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body(bytes, "application/json"));

        ObjectResult result = await Objects.CallAsync(
            new ObjectCall(Attempts.Provider(upstream.BaseUrl), HttpMethod.Get, "/files/f/content") { AnswersBytes = true }, CancellationToken.None);

        await using AnswerStream body = Assert.IsType<ObjectResult.Bytes>(result).Body;
        using MemoryStream read = new();
        byte[] buffer = new byte[1000];
        int got;
        while ((got = await body.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            read.Write(buffer, 0, got);
        }

        Assert.Equal(bytes, read.ToArray());
    }

    [Fact]
    public async Task What_is_no_answer_and_what_is_refused_is_a_failure()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(
            UpstreamScripts.Json("""{"error":{"message":"No such File object: x","type":"invalid_request_error","param":"id","code":null}}""", 404),
            UpstreamScripts.Body("<html>"u8.ToArray(), "text/html"));
        var call = new ObjectCall(Attempts.Provider(upstream.BaseUrl), HttpMethod.Get, "/files/x");

        AttemptFailure missing = Assert.IsType<ObjectResult.Failed>(await Objects.CallAsync(call, CancellationToken.None)).Failure;
        AttemptFailure garbage = Assert.IsType<ObjectResult.Failed>(await Objects.CallAsync(call, CancellationToken.None)).Failure;

        Assert.Equal((404, "No such File object: x"), (missing.Status, missing.Error?.Message));
        Assert.False(missing.MayBeBilled);
        Assert.Equal((FailureKind.Garbage, true), (garbage.Kind, garbage.MayBeBilled));
    }

    public async ValueTask DisposeAsync() => await services.DisposeAsync();
}
