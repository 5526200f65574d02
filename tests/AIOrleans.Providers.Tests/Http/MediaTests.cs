using System.Text;
using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests.Http;

/// <summary>Calls of images, audio and ranking on the wire.</summary>
public sealed class MediaTests : IAsyncDisposable
{
    private readonly ServiceProvider services = Attempts.Services();

    private IChatProvider Provider => services.GetRequiredService<IChatProvider>();

    [Theory]
    [InlineData("openai", "/v1", null, WireFormat.OpenAiImages, "/v1/images/generations")]
    [InlineData("openai", "/v1", null, WireFormat.OpenAiImageEdits, "/v1/images/edits")]
    [InlineData("openai", "/v1", null, WireFormat.OpenAiImageVariations, "/v1/images/variations")]
    [InlineData("openai", "/v1", null, WireFormat.OpenAiSpeech, "/v1/audio/speech")]
    [InlineData("openai", "/v1", null, WireFormat.OpenAiTranscriptions, "/v1/audio/transcriptions")]
    [InlineData("openai", "/v1", null, WireFormat.OpenAiTranslations, "/v1/audio/translations")]
    [InlineData("openai", "/v1", null, WireFormat.OpenAiModerations, "/v1/moderations")]
    [InlineData("openai", "/v2", null, WireFormat.Rerank, "/v2/rerank")]
    [InlineData("azure-openai", "/openai/v1", null, WireFormat.OpenAiImages, "/openai/v1/images/generations")]
    [InlineData("azure-openai", "", "2024-10-21", WireFormat.OpenAiTranscriptions, "/openai/deployments/up-model/audio/transcriptions?api-version=2024-10-21")]
    public async Task Each_goes_to_its_own_address(string kind, string path, string? version, WireFormat format, string expected)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}"));

        await Provider.CallAsync(RequestTo(upstream, format, kind, path, version), CancellationToken.None);

        Assert.Equal(expected, Assert.Single(upstream.Requests).Path);
    }

    [Fact]
    public async Task A_form_keeps_the_content_type_that_names_its_boundary()
    {
        const string Type = "multipart/form-data; charset=\"utf-8\"; boundary=\"a b\"";
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Json("{}"));

        await Provider.CallAsync(RequestTo(upstream, WireFormat.OpenAiTranscriptions) with { ContentType = Type }, CancellationToken.None);

        Assert.Equal((Type, "*/*"), (Assert.Single(upstream.Requests).Headers["content-type"], upstream.Requests.Single().Headers["accept"]));
    }

    [Theory]
    [InlineData("audio/mpeg", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData("application/json", false)]
    [InlineData("text/html", false)]
    public async Task A_file_is_of_any_type_but_those_of_errors(string contentType, bool isFile)
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body("{}"u8.ToArray(), contentType));

        AttemptResult result = await Provider.CallAsync(RequestTo(upstream, WireFormat.OpenAiSpeech) with { AnswersBytes = true }, CancellationToken.None);

        if (isFile)
        {
            AttemptResult.Bytes bytes = Assert.IsType<AttemptResult.Bytes>(result);
            await using AnswerStream body = bytes.Body;
            Assert.Equal((contentType, "{}"), (bytes.ContentType, await Attempts.ReadToEndAsync(body)));
        }
        else
        {
            Assert.Equal(FailureKind.Garbage, Assert.IsType<AttemptResult.Failed>(result).Failure.Kind);
        }
    }

    [Fact]
    public async Task A_file_without_a_byte_is_no_answer()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Body([], "audio/mpeg"));

        AttemptResult result = await Provider.CallAsync(RequestTo(upstream, WireFormat.OpenAiSpeech) with { AnswersBytes = true }, CancellationToken.None);

        Assert.Equal(FailureKind.Garbage, Assert.IsType<AttemptResult.Failed>(result).Failure.Kind);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static AttemptRequest RequestTo(FakeUpstream upstream, WireFormat format, string kind = "openai", string path = "/v1", string? version = null) => new()
    {
        Provider = Attempts.Provider(new Uri(upstream.BaseUrl, path.Length == 0 ? "/" : path)) with { Kind = kind, ApiVersion = version },
        Model = "up-model",
        Format = format,
        Body = Encoding.UTF8.GetBytes("{}"),
        Streamed = false,
    };
}
