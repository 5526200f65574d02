using System.Net;
using System.Text;
using AIOrleans.Host.Tests.Processes;
using AIOrleans.Testing;
using static AIOrleans.Host.Tests.Idempotency.Answers;

namespace AIOrleans.Host.Tests.Idempotency;

public sealed class RestartTests
{
    private const string Path = "/v1/chat/completions";

    [UnixFact]
    public async Task An_answer_is_given_again_after_a_restart()
    {
        using var folder = new TempFolder();
        string[] options = ["--data", folder.Data, "--config", folder.Write("config.jsonc", SimulatedConfig.Json())];
        string first;
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            first = await (await SendAsync(gateway)).Content.ReadAsStringAsync();
            await gateway.TerminateAsync();
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);
        using HttpResponseMessage second = await SendAsync(again);

        Assert.Equal((HttpStatusCode.OK, true, first), (second.StatusCode, IsReplay(second), await second.Content.ReadAsStringAsync()));
        Assert.Single(await again.EventsAsync());
    }

    [UnixFact]
    public async Task A_killed_gateways_key_is_free_when_its_lease_ends_and_its_call_is_charged_as_estimated()
    {
        using var folder = new TempFolder();
        string[] options = ["--data", folder.Data, "--config", folder.Write("config.jsonc", SimulatedConfig.Json()), "--Ledger:LeaseSeconds", "5"];
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(options))
        {
            using HttpResponseMessage cut = await SendAsync(gateway, SimulatedConfig.Slow, HttpCompletionOption.ResponseHeadersRead);
            await gateway.KillAsync();
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(options);
        using HttpResponseMessage second = await SendAsync(again, SimulatedConfig.Slow);

        Assert.Equal((HttpStatusCode.OK, false), (second.StatusCode, IsReplay(second)));
        Assert.EndsWith("data: [DONE]\n\n", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Processes.Patience.UntilAsync("both calls are charged", async () => (await again.EventsAsync()).Count == 2);
        Assert.Equal([false, true], (await again.EventsAsync()).Select(charged => charged.GetProperty("estimated").GetBoolean()).Order());
    }

    private static Task<HttpResponseMessage> SendAsync(
        GatewayProcess gateway, string model = SimulatedConfig.Fast, HttpCompletionOption wait = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(ChatSamples.Request(model, stream: true), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", "k");
        return gateway.Client.SendAsync(request, wait);
    }
}
