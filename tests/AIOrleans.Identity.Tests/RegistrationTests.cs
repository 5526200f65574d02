using AIOrleans.Core.Directory;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Tests.Directory;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tests;

public sealed class RegistrationTests
{
    private readonly TestVault vault = new();
    private readonly MemoryStore store = new();
    private readonly TickingClock clock = new();
    private readonly MemorySilos silos;

    public RegistrationTests() => silos = new MemorySilos(store, clock);

    [Fact]
    public async Task The_directory_is_loaded_before_the_host_serves()
    {
        await store.WriteAsync(DirectoryDefaults.Records(new Secret("sk-demo"), new Secret("sk-root"), vault), null, default);
        using IHost host = Build();

        await host.StartAsync();

        Assert.IsType<Identification.Identified>(host.Services.GetRequiredService<CallerDirectory>().Identify("sk-demo"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Changes_of_other_processes_arrive_at_the_next_poll_and_outlast_an_outage()
    {
        using IHost host = Build();
        await host.StartAsync();
        LiveDirectory directory = host.Services.GetRequiredService<LiveDirectory>();

        silos.IsUnreachable = true;
        await PollAsync();
        silos.IsUnreachable = false;
        var arrived = new TaskCompletionSource<DirectoryChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        directory.Changed += change => arrived.TrySetResult(change);
        await store.WriteAsync(DirectoryDefaults.Records(new Secret("sk-demo"), new Secret("sk-root"), vault), null, default);
        await PollAsync();

        Assert.Equal(9, (await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30))).After.Revision);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_change_that_is_told_of_arrives_without_waiting_for_a_poll()
    {
        using IHost host = Build();
        await host.StartAsync();
        await silos.Listening;
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<LiveDirectory>().Changed += _ => arrived.TrySetResult();

        await store.WriteAsync(DirectoryDefaults.Records(new Secret("sk-demo"), new Secret("sk-root"), vault), null, default);
        silos.Tell();

        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_process_is_on_the_list_from_its_start_to_its_stop()
    {
        using IHost host = Build();

        await host.StartAsync();
        Assert.Equal(["one"], (await silos.ReadAsync(default)).Select(seen => seen.Silo.Name));
        await host.StopAsync();

        Assert.Empty(await silos.ReadAsync(default));
        Assert.True(host.Services.GetRequiredService<DirectoryFreshness>().IsStale);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_stops_the_start()
    {
        silos.IsUnreachable = true;
        using IHost host = Build();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => host.StartAsync());
    }

    [Fact]
    public void A_poll_that_would_hammer_the_store_is_refused()
    {
        using IHost host = Build(services => services.Configure<DirectoryOptions>(options => options.PollMilliseconds = 1));

        Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<DirectoryOptions>>().Value);
    }

    [Fact]
    public void One_holder_serves_both_names()
    {
        using IHost host = Build();

        Assert.Same(host.Services.GetRequiredService<LiveDirectory>(), host.Services.GetRequiredService<IDirectory>());
    }

    private IHost Build(Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<IDirectoryStore>(store);
        builder.Services.AddSingleton<IPriceStore>(new MemoryPriceStore());
        builder.Services.AddSingleton<ISiloStore>(silos);
        builder.Services.AddSingleton<ISiloFacts>(new TestSilo("one"));
        builder.Services.AddSingleton<ISecretVault>(vault);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddAIOrleansIdentity(builder.Configuration);
        more?.Invoke(builder.Services);
        return builder.Build();
    }

    // The poll's timer is created when the host has started it; a tick is over when its look has begun.
    private async Task PollAsync()
    {
        int before = silos.Looks;
        while (silos.Looks == before)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
