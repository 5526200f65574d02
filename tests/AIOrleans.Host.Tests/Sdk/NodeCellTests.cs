using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The matrix: each vendor's unmodified client for Node, through the gateway, against each vendor's provider. The ledger is then compared with the provider's invoice.</summary>
public sealed class NodeCellTests
{
    [NodeTheory("openai")]
    [InlineData(ModelWire.OpenAi)]
    [InlineData(ModelWire.AzureOpenAi)]
    [InlineData(ModelWire.Anthropic)]
    [InlineData(ModelWire.Gemini)]
    [InlineData(ModelWire.Bedrock)]
    public Task The_client_of_OpenAI(ModelWire provider) => RunAsync(provider, "openai-cell.test.js");

    [NodeTheory("@anthropic-ai/sdk")]
    [InlineData(ModelWire.OpenAi)]
    [InlineData(ModelWire.AzureOpenAi)]
    [InlineData(ModelWire.Anthropic)]
    [InlineData(ModelWire.Gemini)]
    [InlineData(ModelWire.Bedrock)]
    public Task The_client_of_Anthropic(ModelWire provider) => RunAsync(provider, "anthropic.test.js");

    [NodeTheory("@google/genai")]
    [InlineData(ModelWire.OpenAi)]
    [InlineData(ModelWire.AzureOpenAi)]
    [InlineData(ModelWire.Anthropic)]
    [InlineData(ModelWire.Gemini)]
    [InlineData(ModelWire.Bedrock)]
    public Task The_client_of_Google(ModelWire provider) => RunAsync(provider, "google.test.js");

    private static async Task RunAsync(ModelWire provider, string suite)
    {
        await using SdkCell cell = await SdkCell.StartGatewayAsync(provider);

        await NodeSuite.RunAsync(suite, cell.Variables(CellConfig.KindOf(provider)));

        await cell.AssertBilledAsync();
    }
}
