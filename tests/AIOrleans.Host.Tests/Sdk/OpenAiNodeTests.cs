using AIOrleans.Host.Tests.Processes;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The unmodified OpenAI client for Node against the gateway and simulated providers; the others are in <see cref="NodeCellTests"/>.</summary>
public sealed class OpenAiNodeTests
{
    [NodeFact("openai")]
    public async Task The_client_for_Node_works_unmodified()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(SimulatedConfig.Json());

        await NodeSuite.RunAsync("openai.test.js", new Dictionary<string, string?>
        {
            ["AIORLEANS_URL"] = gateway.Url.ToString(),
            ["AIORLEANS_KEY"] = TestConfig.Key,
            ["AIORLEANS_LIMITED_KEY"] = SimulatedConfig.LimitedKey,
        });

        await gateway.WhenIdleAsync();
    }
}
