using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AIOrleans.Host.Tests.Processes;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Host.Tests.Configuration;

/// <summary>The configuration file is changed under a running gateway.</summary>
public sealed class ChangedFileTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/v1");

    [Fact]
    public async Task A_changed_limit_applies_while_running()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigWith("""{ "requestsPerMinute": 1000 }"""));
        Assert.Equal("1000", await LimitAsync(gateway));

        await File.WriteAllTextAsync(gateway.ConfigPath, ConfigWith("""{ "requestsPerMinute": 2000 }"""));

        await Patience.UntilAsync("the new limit is in force", async () => await LimitAsync(gateway) == "2000");
    }

    [Fact]
    public async Task A_quota_lowered_to_what_was_used_denies_the_next_call()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigWith(Quota(100)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway));
        await gateway.WhenIdleAsync();

        await File.WriteAllTextAsync(gateway.ConfigPath, ConfigWith(Quota(2)));
        await Patience.UntilAsync("the grain has the new limit", async () => AmountOf(await gateway.LiveAsync("key/acme.eng.k1")) == 2);

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(gateway));
        Assert.Equal(2, (await gateway.EventsAsync()).Count);
    }

    [Fact]
    public async Task A_key_that_is_revoked_in_the_file_is_refused_at_once_and_the_others_work_on()
    {
        string config = ConfigWith("{}");
        await using RunningGateway gateway = await RunningGateway.StartAsync(config);
        using HttpClient other = OtherClientOf(gateway);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/v1/models")).StatusCode);

        await File.WriteAllTextAsync(
            gateway.ConfigPath, config.Replace($"\"secret\": \"{TestConfig.OtherKey}\"", $"\"secret\": \"{TestConfig.OtherKey}\", \"revoked\": true", StringComparison.Ordinal));

        await Patience.UntilAsync("the key is refused as revoked", () => IsRefusedAsync(other, "revoked"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway));
    }

    [Fact]
    public async Task A_key_that_is_removed_from_the_file_is_unknown()
    {
        string config = ConfigWith("{}");
        await using RunningGateway gateway = await RunningGateway.StartAsync(config);
        using HttpClient other = OtherClientOf(gateway);

        await File.WriteAllTextAsync(
            gateway.ConfigPath, config.Replace($$"""{ "id": "k2", "secret": "{{TestConfig.OtherKey}}", "team": "core" },""", "", StringComparison.Ordinal));

        await Patience.UntilAsync("the key is not known", () => IsRefusedAsync(other, "not known"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway));
    }

    [Fact]
    public async Task A_bad_change_is_reported_whole_and_the_old_configuration_stays()
    {
        string config = ConfigWith("""{ "requestsPerMinute": 1000 }""");
        await using RunningGateway gateway = await RunningGateway.StartAsync(config);
        CapturedLogs logs = Capture(gateway);

        await File.WriteAllTextAsync(gateway.ConfigPath, config
            .Replace("\"requestsPerMinute\": 1000", "\"requestsPerMinute\": 2000, \"tokensPerMinut\": 5", StringComparison.Ordinal)
            .Replace("\"model\": \"sim-1\", \"weight\": 1", "\"model\": \"sim-1\", \"weight\": -1", StringComparison.Ordinal));
        await Patience.UntilAsync("the refusal is logged", () => Task.FromResult(logs.Text.Contains("keys[0].limits", StringComparison.Ordinal)));

        Assert.Contains("has 2 mistakes", logs.Text, StringComparison.Ordinal);
        Assert.Contains("$.models[1].routes[0].weight", logs.Text, StringComparison.Ordinal);
        Assert.Contains("tokensPerMinute", logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestConfig.Key, logs.Text, StringComparison.Ordinal);
        Assert.Equal("1000", await LimitAsync(gateway));

        await File.WriteAllTextAsync(gateway.ConfigPath, ConfigWith("""{ "requestsPerMinute": 3000 }"""));
        await Patience.UntilAsync("the corrected file is in force", async () => await LimitAsync(gateway) == "3000");
    }

    [Fact]
    public async Task A_file_that_vanishes_for_a_while_changes_nothing()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigWith("""{ "requestsPerMinute": 1000 }"""));
        CapturedLogs logs = Capture(gateway);

        File.Delete(gateway.ConfigPath);
        await Patience.UntilAsync("the loss is logged", () => Task.FromResult(logs.Text.Contains("cannot be read", StringComparison.Ordinal)));
        Assert.Equal("1000", await LimitAsync(gateway));

        await File.WriteAllTextAsync(gateway.ConfigPath, ConfigWith("""{ "requestsPerMinute": 2000 }"""));
        await Patience.UntilAsync("the file that came back is in force", async () => await LimitAsync(gateway) == "2000");
    }

    [Fact]
    public async Task A_file_that_is_a_link_is_applied_when_the_link_points_elsewhere()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(ConfigWith("""{ "requestsPerMinute": 1000 }"""));
        string target = gateway.ConfigPath + ".next";
        await File.WriteAllTextAsync(target, ConfigWith("""{ "requestsPerMinute": 2000 }"""));

        // As Kubernetes swaps the files of a mounted ConfigMap.
        File.CreateSymbolicLink(gateway.ConfigPath + ".link", target);
        File.Move(gateway.ConfigPath + ".link", gateway.ConfigPath, overwrite: true);

        await Patience.UntilAsync("the linked file is in force", async () => await LimitAsync(gateway) == "2000");
    }

    private static string ConfigWith(string keyLimits) => TestConfig.Json(Nowhere, limits: new Dictionary<string, string> { ["key"] = keyLimits });

    private static string Quota(int amount) => $$"""{ "quotas": [ { "metric": "requests", "period": "total", "amount": {{amount}} } ] }""";

    private static long AmountOf(JsonElement live) => live.GetProperty("quotas")[0].GetProperty("amount").GetInt64();

    private static CapturedLogs Capture(RunningGateway gateway)
    {
        var logs = new CapturedLogs();
        gateway.Service<ILoggerFactory>().AddProvider(logs);
        return logs;
    }

    private static async Task<string?> LimitAsync(RunningGateway gateway)
    {
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        return response.Headers.TryGetValues("x-ratelimit-limit-requests", out IEnumerable<string>? values) ? values.Single() : null;
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningGateway gateway)
    {
        using HttpResponseMessage response = await gateway.ChatAsync(ChatSamples.Request("sim-1"));
        return response.StatusCode;
    }

    private static HttpClient OtherClientOf(RunningGateway gateway) =>
        new() { BaseAddress = gateway.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestConfig.OtherKey) } };

    private static async Task<bool> IsRefusedAsync(HttpClient client, string reason)
    {
        using HttpResponseMessage response = await client.GetAsync("/v1/models");
        return response.StatusCode == HttpStatusCode.Unauthorized && (await response.Content.ReadAsStringAsync()).Contains(reason, StringComparison.Ordinal);
    }
}
