using AIOrleans.Host.Tests.Processes;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The unmodified clients for Node against the gateway and simulated providers; the others are in <see cref="NodeCellTests"/>.</summary>
public sealed class SimulatedNodeTests
{
    [NodeFact("openai")]
    public Task The_client_of_OpenAI() => RunAsync("openai.test.js");

    [NodeFact("@google/genai")]
    public Task The_clients_of_Anthropic_and_Google() => RunAsync("simulated.test.js");

    private static async Task RunAsync(string suite)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(SimulatedConfig.Json());

        await NodeSuite.RunAsync(suite, new Dictionary<string, string?>
        {
            ["AIORLEANS_URL"] = gateway.Url.ToString(),
            ["AIORLEANS_KEY"] = TestConfig.Key,
            ["AIORLEANS_LIMITED_KEY"] = SimulatedConfig.LimitedKey,
        });

        await gateway.WhenIdleAsync();
    }
}
