using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers.Tests;

public sealed class ProviderFormatsTests
{
    [Theory]
    [InlineData("openai", WireFormat.Anthropic, WireFormat.OpenAiChat)]
    [InlineData("openai", WireFormat.OpenAiResponses, WireFormat.OpenAiResponses)]
    [InlineData("azure-openai", WireFormat.OpenAiEmbeddings, WireFormat.OpenAiEmbeddings)]
    [InlineData("azure-openai", WireFormat.Gemini, WireFormat.OpenAiChat)]
    [InlineData("anthropic", WireFormat.OpenAiChat, WireFormat.Anthropic)]
    [InlineData("anthropic", WireFormat.OpenAiResponses, WireFormat.Anthropic)]
    [InlineData("anthropic", WireFormat.OpenAiEmbeddings, null)]
    [InlineData("gemini", WireFormat.OpenAiCompletions, WireFormat.Gemini)]
    [InlineData("gemini", WireFormat.GeminiEmbedContent, WireFormat.GeminiEmbedContent)]
    [InlineData("openai", WireFormat.GeminiEmbeddings, WireFormat.OpenAiEmbeddings)]
    [InlineData("simulated", WireFormat.OpenAiResponses, WireFormat.OpenAiChat)]
    [InlineData("gemini", WireFormat.OpenAiEmbeddings, WireFormat.GeminiEmbeddings)]
    [InlineData("simulated", WireFormat.Gemini, WireFormat.OpenAiChat)]
    [InlineData("openai", WireFormat.Rerank, WireFormat.Rerank)]
    [InlineData("azure-openai", WireFormat.OpenAiSpeech, WireFormat.OpenAiSpeech)]
    [InlineData("azure-openai", WireFormat.OpenAiModerations, null)]
    [InlineData("anthropic", WireFormat.OpenAiImages, null)]
    [InlineData("gemini", WireFormat.OpenAiTranscriptions, null)]
    [InlineData("simulated", WireFormat.OpenAiModerations, null)]
    public void A_call_is_made_in_the_clients_format_or_one_that_it_crosses_to(string kind, WireFormat client, WireFormat? expected) =>
        Assert.Equal(expected, ProviderFormats.For(Attempts.Provider(new Uri("http://host/v1")) with { Kind = kind }, client));

    [Theory]
    [InlineData("openai", false)]
    [InlineData("azure-openai", false)]
    [InlineData("anthropic", true)]
    [InlineData("gemini", true)]
    [InlineData("bedrock", true)]
    [InlineData("simulated", false)]
    public void Some_kinds_count_tokens(string kind, bool counts) =>
        Assert.Equal(counts, ProviderFormats.Counts(Attempts.Provider(new Uri("http://host/v1")) with { Kind = kind }));
}
