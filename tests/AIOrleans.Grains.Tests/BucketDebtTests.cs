using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Limits;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class BucketDebtTests
{
    private const long Micro = TokenBucket.MicroPerToken;

    [Fact]
    public async Task A_debt_is_still_there_after_a_load_right_behind_the_overrun()
    {
        await using GrainHost host = await StartAsync(tokensPerMinute: 600);
        await host.SettleAsync(await host.MustHoldAsync(Ask(tokens: 10)), tokens: 2_000, cost: 1);
        Assert.Equal(-1_400 * Micro, await LevelAsync(host));

        await host.LoadBehindItsBackAsync(Tenant);
        await host.Account(Tenant).ReloadAsync(1);

        Assert.Equal(-1_400 * Micro, await LevelAsync(host));
        Assert.Equal(LimitKind.TokensPerMinute, (await host.HoldAsync(Ask(tokens: 1))).Denied?.Kind);
    }

    [Fact]
    public async Task An_overrun_that_leaves_something_is_saved_with_the_next_settlement()
    {
        await using GrainHost host = await StartAsync(tokensPerMinute: 600);
        HoldCommand open = await host.MustHoldAsync(Ask(tokens: 10));
        await host.SettleAsync(await host.MustHoldAsync(Ask(tokens: 10)), tokens: 300, cost: 1);
        await host.SettleAsync(open, tokens: 10, cost: 1);

        await host.Account(Tenant).ReloadAsync(1);

        Assert.Equal(290 * Micro, await LevelAsync(host));
    }

    [Fact]
    public async Task Calls_within_their_holds_cost_the_ledger_one_settlement_each()
    {
        await using GrainHost host = await StartAsync(tokensPerMinute: 600);

        for (int i = 0; i < 5; i++)
        {
            await host.SettleAsync(await host.MustHoldAsync(Ask(tokens: 10)), tokens: 10, cost: 1);
        }

        Assert.Equal(5, host.Ledger.Faults.CountOf(LedgerCall.Settle));
    }

    private static async Task<GrainHost> StartAsync(long tokensPerMinute)
    {
        GrainHost host = await GrainHost.StartAsync();
        host.Directory.SetLimits(Tenant, new LimitsConfig { TokensPerMinute = tokensPerMinute });
        return host;
    }

    private static async Task<long> LevelAsync(GrainHost host) => (await host.LiveAsync(Tenant)).Buckets[0].LevelMicro;
}
