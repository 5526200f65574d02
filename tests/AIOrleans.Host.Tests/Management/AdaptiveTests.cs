using System.Text.Json;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Management;

/// <summary>Rates that follow the load of the real process.</summary>
public sealed class AdaptiveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Too_many_live_calls_slow_adaptive_rates_step_by_step_down_to_the_floor()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Silence);
        await using RunningGateway gateway = await StartAsync(upstream, """{ "requestsPerMinute": 6000, "adaptive": true }""");
        using var leaving = new CancellationTokenSource();
        Task<HttpResponseMessage>[] calls =
            [.. Enumerable.Range(0, 2).Select(_ => gateway.Client.PostAsync("/v1/chat/completions", new StringContent(ChatSamples.Request("gpt-4o")), leaving.Token))];
        await upstream.NextRequestAsync();

        // Two calls where one is the target: twice too many.
        JsonElement adaptive = await AdaptiveAsync(gateway, view => Silo(view) is { } silo && silo.GetProperty("multiplier").GetDecimal() == 0.5m);

        Assert.True(adaptive.GetProperty("active").GetBoolean());
        Assert.Equal((2, 2m, "liveCalls"), (
            Silo(adaptive)!.Value.GetProperty("sample").GetProperty("liveCalls").GetInt32(), // ! Waited for above.
            Silo(adaptive)!.Value.GetProperty("loadFactor").GetDecimal(), // ! Likewise.
            Silo(adaptive)!.Value.GetProperty("cause").GetString())); // ! Likewise.
        Assert.Contains(adaptive.GetProperty("changes").EnumerateArray(), change => change.GetProperty("to").GetDecimal() == 0.5m);
        using JsonDocument live = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/accounts/key/acme.eng.k1/live"));
        Assert.Equal(0.5m, live.RootElement.GetProperty("buckets")[0].GetProperty("rateMultiplier").GetDecimal());
        await leaving.CancelAsync();
        foreach (Task<HttpResponseMessage> call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    [Fact]
    public async Task Without_an_adaptive_limit_nothing_is_measured()
    {
        await using FakeUpstream upstream = await FakeUpstream.StartAsync(UpstreamScripts.Silence);
        await using RunningGateway gateway = await StartAsync(upstream, """{ "requestsPerMinute": 6000 }""");

        JsonElement adaptive = await AdaptiveAsync(gateway, _ => true);

        Assert.Equal((false, 0), (adaptive.GetProperty("active").GetBoolean(), adaptive.GetProperty("silos").GetArrayLength()));
    }

    private static Task<RunningGateway> StartAsync(FakeUpstream upstream, string limits) => RunningGateway.StartAsync(
        TestConfig.Json(upstream.BaseUrl, limits: new Dictionary<string, string> { ["key"] = limits }),
        "--Adaptive:SampleSeconds=1", "--Adaptive:StepSeconds=1", "--Adaptive:LiveCallsTarget=1", "--Gateway:AbortDrainSeconds=0");

    private static JsonElement? Silo(JsonElement view) =>
        view.GetProperty("silos") is var silos && silos.GetArrayLength() == 1 ? silos[0] : null;

    private static async Task<JsonElement> AdaptiveAsync(RunningGateway gateway, Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using JsonDocument view = JsonDocument.Parse(await gateway.Admin.GetStringAsync("/api/v1/adaptive", patience.Token));
            if (isSo(view.RootElement))
            {
                return view.RootElement.Clone();
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
