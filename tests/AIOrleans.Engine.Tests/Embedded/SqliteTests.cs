using AIOrleans.Engine.Tests.Fixture;
using AIOrleans.Engine.Tests.Grains;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace AIOrleans.Engine.Tests.Embedded;

/// <summary>State and reminders in a file.</summary>
public sealed class SqliteTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("engine-tests-").FullName;

    private string File => Path.Combine(folder, "engine.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Reminders_survive_a_restart_and_one_that_was_due_meanwhile_comes_once()
    {
        ShiftedClock clock = new();
        await using (EngineHost first = await StartAsync(clock))
        {
            IReminderGrain grain = first.Grains.GetGrain<IReminderGrain>("sleeper");
            await grain.RemindAsync("missed", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
            await grain.RemindAsync("later", TimeSpan.FromDays(1), TimeSpan.FromDays(1));
        }

        clock.Shift(TimeSpan.FromHours(5.5));
        await using EngineHost second = await StartAsync(clock);
        await second.Signals.WaitAsync("sleeper:missed");
        IReminderGrain woken = second.Grains.GetGrain<IReminderGrain>("sleeper");
        Assert.Equal(["later", "missed"], await woken.NamesAsync());

        // A reminder that was registered after the others and has come shows that nothing else is due.
        await woken.RemindAsync("now", TimeSpan.Zero, TimeSpan.FromHours(1));
        await second.Signals.WaitAsync("sleeper:now");
        Assert.Equal(1, second.Signals.Count("sleeper:missed"));
        Assert.Equal(0, second.Signals.Count("sleeper:later"));
    }

    [Fact]
    public async Task A_reminder_that_was_unregistered_does_not_come_back_with_a_restart()
    {
        await using (EngineHost first = await StartAsync(TimeProvider.System))
        {
            IReminderGrain grain = first.Grains.GetGrain<IReminderGrain>("forgetter");
            await grain.RemindAsync("a", TimeSpan.FromDays(1), TimeSpan.FromDays(1));
            await grain.RemindAsync("b", TimeSpan.FromDays(1), TimeSpan.FromDays(1));
            await grain.ForgetAsync("a");
        }

        await using EngineHost second = await StartAsync(TimeProvider.System);
        Assert.Equal(["b"], await second.Grains.GetGrain<IReminderGrain>("forgetter").NamesAsync());
    }

    [Fact]
    public async Task State_survives_a_restart_and_holds_no_type_names()
    {
        await using (EngineHost first = await StartAsync(TimeProvider.System))
        {
            await StorageOf(first).WriteStateAsync("s", Id, new GrainState<LedgerState>(new LedgerState { Total = 5, Entries = ["a"] }));
        }

        await using EngineHost second = await StartAsync(TimeProvider.System);
        GrainState<LedgerState> read = new();
        await StorageOf(second).ReadStateAsync("s", Id, read);
        Assert.Equal(5, read.State?.Total);
        Assert.True(read.RecordExists);
        Assert.Equal("""{"Total":5,"Entries":["a"]}""", JsonOf("s"));
    }

    [Fact]
    public async Task An_old_version_is_refused_also_when_the_record_was_cleared_and_written_again()
    {
        await using EngineHost host = await StartAsync(TimeProvider.System);
        IGrainStorage storage = StorageOf(host);
        GrainState<LedgerState> mine = new(new LedgerState { Total = 1 });
        await storage.WriteStateAsync("s", Id, mine);
        GrainState<LedgerState> old = new(new LedgerState { Total = 2 }, mine.ETag);
        await storage.ClearStateAsync("s", Id, mine);
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(storage, old));
        await storage.WriteStateAsync("s", Id, mine);

        InconsistentStateException conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(storage, old));
        Assert.Equal(mine.ETag, conflict.StoredEtag);
        Assert.Equal(old.ETag, conflict.CurrentEtag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(storage, new GrainState<LedgerState>(new LedgerState())));
    }

    private static readonly GrainId Id = GrainId.Create("ledger", "x");

    private static IGrainStorage StorageOf(EngineHost host) => host.Services.GetRequiredKeyedService<IGrainStorage>("file");

    private static async Task WriteAsync(IGrainStorage storage, GrainState<LedgerState> state) => await storage.WriteStateAsync("s", Id, state);

    private Task<EngineHost> StartAsync(TimeProvider clock) => EngineHost.StartAsync(silo =>
    {
        silo.Services.AddSingleton(clock);
        silo.UseSqliteReminderService(File).UseSqliteGrainStorage("file", File);
    });

    private string? JsonOf(string state)
    {
        using SqliteConnection connection = new($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM grain_state WHERE state = $state";
        command.Parameters.AddWithValue("$state", state);
        return command.ExecuteScalar() as string;
    }

    /// <summary>The system's clock, some time ahead.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private TimeSpan ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;

        internal void Shift(TimeSpan by) => ahead += by;
    }
}
