using System.Text;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Tests.Calls;

public sealed class ModelsListTests
{
    private static readonly ListedModel Model = new("gpt-4o", DateTimeOffset.FromUnixTimeSeconds(1700000000), "openai", 128_000, 16_384);

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"object":"list","data":[{"id":"gpt-4o","object":"model","created":1700000000,"owned_by":"openai"}]}""")]
    [InlineData(
        WireFormat.Anthropic,
        """{"data":[{"type":"model","id":"gpt-4o","display_name":"gpt-4o","created_at":"2023-11-14T22:13:20Z"}],"has_more":false,"first_id":"gpt-4o","last_id":"gpt-4o"}""")]
    [InlineData(
        WireFormat.Gemini,
        """{"models":[{"name":"models/gpt-4o","version":"1","displayName":"gpt-4o","inputTokenLimit":128000,"outputTokenLimit":16384,"supportedGenerationMethods":["generateContent","countTokens"]}]}""")]
    public void Lists_models_as_each_protocol_does(WireFormat client, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ModelsList.Write([Model], client).Span));

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"object":"list","data":[]}""")]
    [InlineData(WireFormat.Anthropic, """{"data":[],"has_more":false,"first_id":null,"last_id":null}""")]
    [InlineData(WireFormat.Gemini, """{"models":[]}""")]
    public void Lists_none(WireFormat client, string expected) => Assert.Equal(expected, Encoding.UTF8.GetString(ModelsList.Write([], client).Span));
}
