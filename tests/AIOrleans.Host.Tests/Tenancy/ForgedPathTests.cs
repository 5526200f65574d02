using System.Collections.Immutable;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Host.Tests.Configuration;
using AIOrleans.Host.Tests.Running;
using Microsoft.Extensions.Logging;
using Orleans;

namespace AIOrleans.Host.Tests.Tenancy;

/// <summary>Something inside the gateway asks for a hold on another tenant's account.</summary>
public sealed class ForgedPathTests
{
    [Fact]
    public async Task It_is_refused_and_logged_and_never_held()
    {
        string config = TestConfig.Json(new Uri("http://127.0.0.1:9/v1")).Replace(
            "\"tenants\": [", "\"tenants\": [ { \"id\": \"victim\", \"orgs\": [ { \"id\": \"eng\" } ] },", StringComparison.Ordinal);
        await using RunningGateway gateway = await RunningGateway.StartAsync(config);
        var logs = new CapturedLogs();
        gateway.Service<ILoggerFactory>().AddProvider(logs);
        DirectorySnapshot directory = gateway.Service<IDirectory>().Current;
        Assert.True(directory.CallersByHash.TryGetValue(directory.Keys["acme.eng.k1"].SecretHash, out Caller? caller));
        ImmutableArray<AccountId> path = caller.PathFor("sim-1");
        var forged = new HoldCommand
        {
            Id = HoldId.New(TimeProvider.System.GetUtcNow()),
            Path = path.SetItem(0, AccountId.Parse("tenant:victim")),
            Operation = "chat",
            Worst = new HoldSize(10, new NanoUsd(1)),
            Expected = new HoldSize(10, new NanoUsd(1)),
            Attribution = caller.AttributionFor("sim-1"),
        };

        await Assert.ThrowsAsync<ForeignTenantException>(() => gateway.Service<IGrainFactory>().GetGrain<IRequestGrain>(0).HoldAsync(forged));

        Assert.Contains("Error Refused tenant:victim, which was asked for on behalf of acme.eng.k1", logs.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.LiveAsync("tenant/victim")).GetProperty("holds").GetProperty("count").GetInt32());
        await gateway.AssertNothingHeldAsync();
        Assert.Empty(await gateway.EventsAsync());
    }
}
