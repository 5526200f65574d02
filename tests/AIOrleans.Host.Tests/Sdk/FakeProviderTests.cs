using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The vendors' unmodified clients against the fake providers, with no gateway between: only what they take for the real thing may stand for it elsewhere.</summary>
public sealed class FakeProviderTests
{
    [NodeFact("openai")]
    public Task The_client_of_OpenAI_takes_the_fake_for_OpenAI() => RunAsync(ModelWire.OpenAi, "openai-cell.test.js");

    [NodeFact("@anthropic-ai/sdk")]
    public Task The_client_of_Anthropic_takes_the_fake_for_Anthropic() => RunAsync(ModelWire.Anthropic, "anthropic.test.js");

    [NodeFact("@google/genai")]
    public Task The_client_of_Google_takes_the_fake_for_Google() => RunAsync(ModelWire.Gemini, "google.test.js");

    private static async Task RunAsync(ModelWire wire, string suite)
    {
        await using SdkCell cell = await SdkCell.StartDirectAsync(wire);

        await NodeSuite.RunAsync(suite, cell.Variables("direct"));

        Assert.NotEmpty(cell.Provider.Invoice);
        Assert.All(cell.Provider.Invoice, call => Assert.Equal(call.End == CallEnd.Refused, call.Status >= 400));
    }
}
