using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers.Tests;

public sealed class ProviderFormatsTests
{
    [Theory]
    [InlineData("openai", WireFormat.Anthropic, false, WireFormat.OpenAiChat)]
    [InlineData("openai", WireFormat.OpenAiResponses, false, WireFormat.OpenAiResponses)]
    [InlineData("openai", WireFormat.Anthropic, true, null)]
    [InlineData("azure-openai", WireFormat.OpenAiEmbeddings, false, WireFormat.OpenAiEmbeddings)]
    [InlineData("azure-openai", WireFormat.Gemini, false, WireFormat.OpenAiChat)]
    [InlineData("anthropic", WireFormat.OpenAiChat, false, WireFormat.Anthropic)]
    [InlineData("anthropic", WireFormat.OpenAiResponses, false, null)]
    [InlineData("anthropic", WireFormat.Gemini, true, WireFormat.Anthropic)]
    [InlineData("gemini", WireFormat.Anthropic, true, WireFormat.Gemini)]
    [InlineData("gemini", WireFormat.OpenAiEmbeddings, false, null)]
    [InlineData("openai", WireFormat.Rerank, false, WireFormat.Rerank)]
    [InlineData("azure-openai", WireFormat.OpenAiSpeech, false, WireFormat.OpenAiSpeech)]
    [InlineData("azure-openai", WireFormat.OpenAiModerations, false, null)]
    [InlineData("anthropic", WireFormat.OpenAiImages, false, null)]
    [InlineData("gemini", WireFormat.OpenAiTranscriptions, false, null)]
    [InlineData("simulated", WireFormat.OpenAiModerations, false, null)]
    [InlineData("simulated", WireFormat.Gemini, false, WireFormat.OpenAiChat)]
    public void A_call_is_made_in_the_clients_format_or_one_that_it_crosses_to(string kind, WireFormat client, bool counts, WireFormat? expected) =>
        Assert.Equal(expected, ProviderFormats.For(Attempts.Provider(new Uri("http://host/v1")) with { Kind = kind }, client, counts));
}
