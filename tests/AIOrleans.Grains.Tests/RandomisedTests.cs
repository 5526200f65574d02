using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Tests.Fixture;
using AIOrleans.Testing;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

/// <summary>Whatever happens in whatever order: nothing overspent, nothing held at the end, nothing counted twice or not at all.</summary>
public class RandomisedTests
{
    private const int CallerCount = 24;
    private const int RequestsPerCaller = 60;
    private const int KeyCount = 8;

    private static readonly AccountId[] Accounts = [.. Enumerable.Range(0, KeyCount).SelectMany(key => Path(key)).Distinct()];

    [Theory]
    [InlineData(1, Kind.Strict)]
    [InlineData(2, Kind.Strict)]
    [InlineData(3, Kind.Strict)]
    [InlineData(4, Kind.Fast)]
    [InlineData(5, Kind.Fast)]
    [InlineData(6, Kind.Split)]
    [InlineData(7, Kind.Split)]
    [InlineData(8, Kind.Split)]
    [InlineData(9, Kind.Split)]
    public async Task Live_numbers_agree_with_the_ledger_after_any_mix_of_calls_and_faults(int seed, Kind kind)
    {
        await using GrainHost host = await (kind switch
        {
            Kind.Fast => GrainHost.StartFastAsync(),
            Kind.Split => GrainHost.StartSplitAsync(),
            _ => GrainHost.StartAsync(),
        });
        SetLimits(host);
        using var end = new CancellationTokenSource();
        Task watching = WatchAsync(host, end.Token);

        await Task.WhenAll(Enumerable.Range(0, CallerCount).Select(caller => CallAsync(host, new Random((seed * 1_000) + caller))));

        await end.CancelAsync();
        await watching;
        host.Ledger.Faults.End();
        host.AccountFaults.End();
        await host.WhenWholeAsync();
        await host.WhenNothingWaitsAsync();
        host.Clock.Advance(Lease + TimeSpan.FromSeconds(2));
        await host.Keeper.SweepAsync(CancellationToken.None);
        await LiveAssert.IsAtRestAsync(host, Accounts);
        int served = host.Ledger.Events.Count(e => e.Requests == 1);
        Assert.True(served > CallerCount * RequestsPerCaller / 10, $"Only {served} requests got through: the test tests nothing.");
    }

    [Theory]
    [InlineData(1, Kind.Strict)]
    [InlineData(2, Kind.Strict)]
    [InlineData(3, Kind.Strict)]
    [InlineData(4, Kind.Split)]
    [InlineData(5, Kind.Split)]
    public async Task Journaled_outages_at_any_time_lose_nothing_and_count_nothing_twice(int seed, Kind kind)
    {
        await using GrainHost host = await (kind == Kind.Split ? GrainHost.StartSplitAsync() : GrainHost.StartAsync());
        SetLimits(host);
        host.Directory.SetLimits(Tenant, new LimitsConfig { OnStoreOutage = StoreOutagePolicy.AllowAndJournal });

        // One call of each kind whatever the machine does: this one before the storms, which begin with the ledger away.
        HoldCommand before = Ask(cost: 1, tokens: 1, key: 0, now: host.Clock.Now);
        Assert.Null((await host.HoldAsync(before)).Denied);
        await host.SettleAsync(before, tokens: 1, cost: 1);
        using var end = new CancellationTokenSource();
        Task storms = ComeAndGoAsync(host, new Random(seed), end.Token);

        await Task.WhenAll(Enumerable.Range(0, CallerCount).Select(caller => CallAsync(host, new Random((seed * 1_000) + caller))));

        await end.CancelAsync();
        await storms;
        host.Ledger.Faults.End();
        host.AccountFaults.End();
        await host.WhenWholeAsync();
        await host.WhenBackAsync();
        await host.WhenNothingWaitsAsync();
        host.Clock.Advance(Lease + TimeSpan.FromSeconds(2));
        await Eventually.Async(() => Task.FromResult(host.Journaled.HasWork), hasWork => !hasWork);
        await host.Keeper.SweepAsync(CancellationToken.None);
        await LiveAssert.IsAtRestAsync(host, Accounts);
        Assert.Empty(host.Journal.Records);
        Assert.Contains(host.Ledger.Events, e => e is { Journaled: true, Requests: 1 });
        Assert.Contains(host.Ledger.Events, e => e is { Journaled: false, Requests: 1 });
    }

    /// <summary>The ledger is away about half of the time.</summary>
    private static async Task ComeAndGoAsync(GrainHost host, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            host.Ledger.Faults.IsAway = !host.Ledger.Faults.IsAway;
            await host.Replay.TryReplayAsync();
            for (int i = random.Next(2_000); i > 0 && !end.IsCancellationRequested; i--)
            {
                await Task.Yield();
            }
        }
    }

    private static void SetLimits(GrainHost host)
    {
        host.Directory.SetBudget(Tenant, 200_000);
        host.Directory.SetBudget(Org, 190_000);
        for (int key = 0; key < KeyCount; key++)
        {
            host.Directory.SetBudget(Team(key), 60_000);
            host.Directory.SetLimits(User(key), new LimitsConfig { Concurrent = 12 });
            host.Directory.SetBudget(Key(key), 20_000);
        }
    }

    private static async Task CallAsync(GrainHost host, Random random)
    {
        await Task.Yield();
        for (int i = 0; i < RequestsPerCaller; i++)
        {
            await MeddleAsync(host, random);
            HoldCommand command = Ask(cost: random.Next(1, 400), tokens: random.Next(1, 50), key: random.Next(KeyCount), now: host.Clock.Now);
            try
            {
                if ((await host.HoldAsync(command)).Denied is null)
                {
                    await EndAsync(host, command, random);
                }
            }
            catch (StoreUnavailableException)
            {
                // Dealt with by the grains: that is what is tested.
            }
        }
    }

    private static async Task EndAsync(GrainHost host, HoldCommand command, Random random)
    {
        if (random.Next(3) == 0)
        {
            await Task.Yield();
        }

        SettleCommand used = command.Used(random.Next((int)command.Worst.Tokens + 1), random.Next((int)command.Worst.Cost.Value + 1), host.Clock.Now);
        switch (random.Next(20))
        {
            case 0:
                // The caller dies.
                break;
            case 1 or 2 or 3:
                await host.GiveBackAsync(command);
                break;
            case 4:
                await Task.WhenAll(host.SettleAsync(used), host.SettleAsync(used));
                break;
            case 5:
                // The silo dies between the ledger and the accounts.
                await host.Ledger.SettleAsync(
                    new Settlement(used.Id, used.Events, WindowStarts.At(used.Events[0].SettledAt, TimeZoneInfo.Utc)), CancellationToken.None);
                break;
            case 6:
                await host.RenewAsync(command);
                await host.SettleAsync(used);
                break;
            default:
                await host.SettleAsync(used);
                break;
        }
    }

    /// <summary>Something besides the calls happens, now and then something bad.</summary>
    private static async Task MeddleAsync(GrainHost host, Random random)
    {
        AccountId account = Accounts[random.Next(Accounts.Length)];
        switch (random.Next(120))
        {
            case 0:
                await IgnoringOutagesAsync(() => host.LoadBehindItsBackAsync(account));
                break;
            case 1:
                await host.Account(account).ReloadAsync(host.Ledger.EpochOf(account));
                break;
            case 2:
                host.Ledger.Faults.Refuse((LedgerCall)random.Next(4), random.Next(1, 4));
                break;
            case 3:
                host.Ledger.Faults.LoseAnswers((LedgerCall)random.Next(4), random.Next(1, 4));
                break;
            case 4:
                await IgnoringOutagesAsync(() => host.Keeper.SweepAsync(CancellationToken.None));
                break;
            case 5:
                // Slices only: the account is out of reach for them, or its answer is.
                host.AccountFaults.Refuse(account, random.Next(2) == 0 ? nameof(IAccountGrain.RetireAsync) : nameof(IAccountGrain.AwaitRecallAsync), count: 1);
                break;
            case 6:
                host.AccountFaults.LoseAnswers(account, nameof(IAccountGrain.RetireAsync));
                break;
            default:
                host.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(60)));
                break;
        }
    }

    /// <summary>How the grains are composed.</summary>
    public enum Kind
    {
        Strict,
        Fast,

        /// <summary>Strict, with slices of every account.</summary>
        Split,
    }

    private static async Task WatchAsync(GrainHost host, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            foreach (AccountId account in Accounts)
            {
                // Idle grains answer on the spot: nobody else would ever come to run.
                await Task.Yield();
                await IgnoringOutagesAsync(async () => LiveAssert.IsNotOverdrawn(await host.LiveAsync(account)));
            }
        }
    }

    private static async Task IgnoringOutagesAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (StoreUnavailableException)
        {
            // Part of the mix.
        }
    }
}
