using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Tests.Tokens;

public sealed class TokenFamiliesTests
{
    [Theory]
    [InlineData("gpt-4o-mini", TokenFamily.O200k)]
    [InlineData("GPT-4.1", TokenFamily.O200k)]
    [InlineData("gpt-5-nano", TokenFamily.O200k)]
    [InlineData("openai/gpt-oss-120b", TokenFamily.O200k)]
    [InlineData("chatgpt-4o-latest", TokenFamily.O200k)]
    [InlineData("o1", TokenFamily.O200k)]
    [InlineData("openai/o3-mini", TokenFamily.O200k)]
    [InlineData("ft:gpt-4o:acme::abc", TokenFamily.O200k)]
    [InlineData("gpt-4-turbo", TokenFamily.Cl100k)]
    [InlineData("gpt-35-turbo-16k", TokenFamily.Cl100k)]
    [InlineData("text-embedding-3-small", TokenFamily.Cl100k)]
    [InlineData("text-embedding-004", TokenFamily.Unknown)]
    [InlineData("gemini-embedding-001", TokenFamily.Gemini)]
    [InlineData("claude-sonnet-4-20250514", TokenFamily.Claude)]
    [InlineData("us.anthropic.claude-3-5-haiku-20241022-v1:0", TokenFamily.Claude)]
    [InlineData("models/gemini-2.5-flash", TokenFamily.Gemini)]
    [InlineData("google/gemma-3-27b-it", TokenFamily.Gemini)]
    [InlineData("meta-llama/Llama-3.3-70B-Instruct", TokenFamily.Llama)]
    [InlineData("deepseek-r1-distill-llama-70b", TokenFamily.Llama)]
    [InlineData("Qwen/Qwen3-32B", TokenFamily.Llama)]
    [InlineData("mistral-large-latest", TokenFamily.Llama)]
    [InlineData("llama-2-13b-chat", TokenFamily.SentencePiece)]
    [InlineData("open-mixtral-8x7b", TokenFamily.SentencePiece)]
    [InlineData("oracle", TokenFamily.Unknown)]
    [InlineData("our-own-model", TokenFamily.Unknown)]
    public void A_name_tells_the_family(string model, TokenFamily family) => Assert.Equal(family, TokenFamilies.Of(model, ProviderKinds.OpenAi));

    [Theory]
    [InlineData(ProviderKinds.Anthropic, TokenFamily.Claude)]
    [InlineData(ProviderKinds.Gemini, TokenFamily.Gemini)]
    [InlineData(ProviderKinds.AzureOpenAi, TokenFamily.O200k)]
    [InlineData(ProviderKinds.OpenAi, TokenFamily.Unknown)]
    [InlineData(ProviderKinds.Simulated, TokenFamily.Unknown)]
    [InlineData(null, TokenFamily.Unknown)]
    public void A_name_that_says_nothing_is_of_the_providers_own_family(string? kind, TokenFamily family) => Assert.Equal(family, TokenFamilies.Of("prod-chat", kind));
}
