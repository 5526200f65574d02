using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>SIGTERM: running answers finish, or are cut in a way that no client takes for complete; then the process exits with 0.</summary>
public sealed class StopTests
{
    /// <summary>What orchestrators grant at least.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(10);

    [UnixFact]
    public async Task A_stream_that_ends_within_the_drain_is_complete_and_charged_exactly()
    {
        using var folder = new TempFolder();
        string[] options = ["--data", folder.Data, "--config", folder.Write("config.jsonc", SimulatedConfig.Json())];
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            (string text, Ending ending) = await StopWhileStreamingAsync(gateway, SimulatedConfig.Slow);

            Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
            AssertClean(ending);
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);
        JsonElement settled = Assert.Single(await again.EventsAsync());
        Assert.False(settled.GetProperty("estimated").GetBoolean());
        Assert.Equal(SimulatedConfig.SlowTokens, settled.GetProperty("tokens").GetProperty("output").GetInt32());
    }

    [UnixFact]
    public async Task A_stream_that_outlasts_the_drain_is_cut_with_an_error_and_charged_what_it_brought()
    {
        using var folder = new TempFolder();
        string[] options = ["--data", folder.Data, "--config", folder.Write("config.jsonc", SimulatedConfig.Json()), "--Gateway:DrainSeconds", "2"];
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            (string text, Ending ending) = await StopWhileStreamingAsync(gateway, SimulatedConfig.Endless);

            Assert.Contains("data: {\"error\":", text, StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
            AssertClean(ending);
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);
        JsonElement settled = Assert.Single(await again.EventsAsync());
        Assert.Equal("gateway", settled.GetProperty("failedBy").GetString());
        Assert.True(settled.GetProperty("estimated").GetBoolean());
        Assert.True(settled.GetProperty("costUsd").GetDecimal() > 0);
        Assert.Equal(0, (await again.AdminAsync("accounts/team/acme.eng.core/live")).GetProperty("holds").GetProperty("count").GetInt32());
    }

    [UnixFact]
    public async Task Calls_that_come_just_after_the_signal_are_served_and_their_connections_closed()
    {
        using var folder = new TempFolder();
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(
            "--data", folder.Data, "--config", folder.Write("config.jsonc", SimulatedConfig.Json()), "--Gateway:LingerSeconds", "5");
        Task<Ending> stopping = gateway.TerminateAsync();
        await Patience.UntilAsync("the gateway is not ready any more", async () =>
        {
            using HttpResponseMessage health = await gateway.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return health.StatusCode == HttpStatusCode.ServiceUnavailable ? "so it is" : null;
        });

        using HttpResponseMessage during = await gateway.ChatAsync(ChatSamples.Request(SimulatedConfig.Fast, stream: true));

        Assert.Equal((200, true), ((int)during.StatusCode, during.Headers.ConnectionClose));
        Assert.EndsWith("data: [DONE]\n\n", await during.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        AssertClean(await stopping);
    }

    [UnixFact]
    public async Task An_idle_gateway_stops_at_once_with_nothing_to_complain_about()
    {
        using var folder = new TempFolder();
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("--data", folder.Data);

        Ending ending = await gateway.TerminateAsync();

        AssertClean(ending);
        Assert.DoesNotContain("fail:", ending.Output, StringComparison.Ordinal);
    }

    /// <returns>Everything after the first line of the stream, and how the process ended.</returns>
    private static async Task<(string Text, Ending Ending)> StopWhileStreamingAsync(GatewayProcess gateway, string model)
    {
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request(model, stream: true), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        Task<Ending> stopping = gateway.TerminateAsync();
        string text = await reader.ReadToEndAsync();
        return (text, await stopping);
    }

    private static void AssertClean(Ending ending)
    {
        Assert.True(ending.ExitCode == 0, $"Exit code {ending.ExitCode}:\n{ending.Output}\n{ending.Errors}");
        Assert.True(ending.Took < StopMax, $"Stopping took {ending.Took.TotalSeconds:0.0} s.");
        Assert.DoesNotContain("   at ", ending.Output + ending.Errors, StringComparison.Ordinal);
    }
}
