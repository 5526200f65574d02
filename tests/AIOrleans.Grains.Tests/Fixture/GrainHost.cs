using System.Diagnostics.Metrics;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Adaptive;
using AIOrleans.Grains.Leases;
using AIOrleans.Grains.Outages;
using AIOrleans.Grains.Requests;
using AIOrleans.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>The grains as the product composes them, over a ledger in memory and a clock that the test moves.</summary>
internal sealed class GrainHost : IAsyncDisposable
{
    private readonly IHost host;

    private GrainHost(IHost host) => this.host = host;

    public MemoryLedger Ledger { get; private init; } = new();

    public MemoryAnswers Answers { get; } = new();

    public MemoryJournal Journal { get; private init; } = new();

    public ManualClock Clock { get; private init; } = new(Requests.Noon);

    public TestDirectory Directory { get; private init; } = new();

    public TestReports Reports { get; } = new();

    public UsageEar Ear { get; } = new();

    public AccountFaults AccountFaults { get; } = new();

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Makes the meters of this host.</summary>
    public IMeterFactory Meters => host.Services.GetRequiredService<IMeterFactory>();

    public Settlements Settlements => host.Services.GetRequiredService<Settlements>();

    /// <summary>Measured by <see cref="Sampler"/>; by itself so seldom that no test sees it.</summary>
    public TestLoad Load { get; } = new();

    public AdaptiveSampler Sampler => host.Services.GetServices<IHostedService>().OfType<AdaptiveSampler>().Single();

    public StoreOutage Outage => host.Services.GetRequiredService<StoreOutage>();

    public JournaledHolds Journaled => host.Services.GetRequiredService<JournaledHolds>();

    public JournalReplay Replay => host.Services.GetServices<IHostedService>().OfType<JournalReplay>().Single();

    public OrphanKeeper Keeper => host.Services.GetServices<IHostedService>().OfType<OrphanKeeper>().Single();

    public Corrections Corrections => host.Services.GetRequiredService<Corrections>();

    private IRequestGrain RequestGrain => Grains.GetGrain<IRequestGrain>(0);

    public static Task<GrainHost> StartAsync(params (string Name, string Value)[] options) => StartAsync(null, options);

    /// <summary>What a new process, or another silo, makes of the ledger and the journal that <paramref name="former"/> used.</summary>
    public static Task<GrainHost> StartAfterAsync(GrainHost former) => StartAsync(former, []);

    private static async Task<GrainHost> StartAsync(GrainHost? former, (string Name, string Value)[] options)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        foreach ((string name, string value) in options)
        {
            builder.Configuration[name.Contains(':') ? name : $"Ledger:{name}"] = value;
        }

        builder.Configuration["Adaptive:SampleSeconds"] = "60";
        GrainHost? made = null;

        // ! Set below, before the host starts.
        builder.Services.AddSingleton<ILedger>(_ => made!.Ledger);
        builder.Services.AddSingleton<IAnswerStore>(_ => made!.Answers);
        builder.Services.AddSingleton<IOutageJournal>(_ => made!.Journal);
        builder.Services.AddSingleton<TimeProvider>(_ => made!.Clock);
        builder.Services.AddSingleton<IDirectory>(_ => made!.Directory);
        builder.Services.AddSingleton<IUsageReports>(_ => made!.Reports);
        builder.Services.AddSingleton(_ => made!.Ear);
        builder.Services.AddSingleton<ILoadProbe>(_ => made!.Load);
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(_ => made!.AccountFaults);
        builder.UseOrleans(Edition.Compose);
        builder.Services.AddAIOrleansGrains(builder.Configuration);
        IHost host = builder.Build();
        made = former is null
            ? new GrainHost(host)
            : new GrainHost(host) { Ledger = former.Ledger, Journal = former.Journal, Clock = former.Clock, Directory = former.Directory };
        await made.host.StartAsync();
        return made;
    }

    /// <summary>Grains whose tenant lets calls be journaled while the ledger is away.</summary>
    public static async Task<GrainHost> StartAllowingAsync()
    {
        GrainHost host = await StartAsync();
        host.Directory.SetLimits(Requests.Tenant, new LimitsConfig { OnStoreOutage = StoreOutagePolicy.AllowAndJournal });
        return host;
    }

    /// <summary>Grains whose accounts are hot from the first call on: silos keep slices of them.</summary>
    public static Task<GrainHost> StartSplitAsync(params (string Name, string Value)[] options) =>
        StartAsync([("Leases:Enabled", "true"), ("Leases:AsksPerSecond", "1"), .. options]);

    /// <summary>Likewise, with a strict budget of the tenant.</summary>
    public static async Task<GrainHost> StartSplitBudgetAsync(params (string Name, string Value)[] options)
    {
        GrainHost host = await StartSplitAsync(options);
        host.Directory.SetBudget(Requests.Tenant, Requests.Budget);
        return host;
    }

    /// <summary>Grains whose holds live in memory only.</summary>
    public static Task<GrainHost> StartFastAsync() => StartAsync(("Durability", "Fast"));

    public IAccountGrain Account(AccountId account) => Grains.GetGrain<IAccountGrain>(account.ToString());

    public Task<HoldReply> HoldAsync(HoldCommand command) => RequestGrain.HoldAsync(command);

    /// <summary>Holds, and fails the test when refused.</summary>
    public async Task<HoldCommand> MustHoldAsync(HoldCommand command)
    {
        Assert.Null((await HoldAsync(command)).Denied);
        return command;
    }

    /// <summary>Asks for a hold to be so large in all, worst and expected alike.</summary>
    public Task<ExtendReply> ExtendAsync(HoldCommand hold, long cost, long tokens = 10)
    {
        var size = new HoldSize(tokens, new NanoUsd(cost));
        return RequestGrain.ExtendAsync(new ExtendCommand { Id = hold.Id, Path = hold.Path, Worst = size, Expected = size, Reason = ExtendReason.Attempt });
    }

    public Task SettleAsync(SettleCommand command) => RequestGrain.SettleAsync(command);

    /// <summary>Settles at the clock's instant.</summary>
    public Task SettleAsync(HoldCommand hold, long tokens, long cost) => SettleAsync(hold.Used(tokens, cost, Clock.Now));

    public Task GiveBackAsync(HoldCommand hold) => SettleAsync(hold.GivenBack(Clock.Now));

    public Task RenewAsync(params HoldCommand[] holds) =>
        RequestGrain.RenewAsync(new RenewCommand([.. holds.Select(hold => new HeldRequest(hold.Id, hold.Path))]));

    public async Task<AccountLive> LiveAsync(AccountId account) => (await Account(account).ViewAsync()).Live;

    /// <summary>What a restarted gateway or another silo does: the ledger begins an epoch that the grain knows nothing of.</summary>
    public Task<AccountSnapshot> LoadBehindItsBackAsync(AccountId account) => Ledger.LoadAsync(account, CancellationToken.None);

    /// <summary>Calls of accounts with slices on this silo.</summary>
    public SliceReturns Slices => host.Services.GetRequiredService<SliceReturns>();

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
