using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Reminders;

/// <summary>What Orleans' reminder service needs of its table.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class ReminderTableTests(Database database)
{
    private static readonly DateTime Start = new(2026, 3, 29, 1, 30, 0, DateTimeKind.Utc);

    [PostgresFact]
    public async Task A_reminder_is_read_as_it_was_registered()
    {
        IReminderTable table = await NewTableAsync();
        GrainId grain = Grain(1);

        string? version = await table.UpsertRow(Entry(grain, "report", TimeSpan.FromMinutes(5)));

        ReminderEntry? read = await table.ReadRow(grain, "report");
        Assert.NotNull(read);
        Assert.Equal((grain, "report", Start, TimeSpan.FromMinutes(5), version), (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Null(await table.ReadRow(grain, "other"));
        Assert.Null(await table.ReadRow(Grain(2), "report"));
    }

    [PostgresFact]
    public async Task A_period_may_be_longer_than_an_int_of_milliseconds()
    {
        IReminderTable table = await NewTableAsync();

        await table.UpsertRow(Entry(Grain(1), "yearly", TimeSpan.FromDays(365)));

        Assert.Equal(TimeSpan.FromDays(365), (await table.ReadRow(Grain(1), "yearly"))?.Period);
    }

    [PostgresFact]
    public async Task Registering_again_replaces_the_reminder_and_its_version()
    {
        IReminderTable table = await NewTableAsync();
        string? first = await table.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(5)));

        string? second = await table.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(9)));

        Assert.NotEqual(first, second);
        ReminderEntry entry = Assert.Single((await table.ReadRows(Grain(1))).Reminders);
        Assert.Equal((TimeSpan.FromMinutes(9), second), (entry.Period, entry.ETag));
    }

    [PostgresFact]
    public async Task Only_the_current_version_can_be_removed()
    {
        IReminderTable table = await NewTableAsync();
        string? first = await table.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(5)));
        string? second = await table.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(5)));

        // ! Registering returns a version.
        Assert.False(await table.RemoveRow(Grain(1), "report", first!));
        Assert.True(await table.RemoveRow(Grain(1), "report", second!));
        Assert.False(await table.RemoveRow(Grain(1), "report", second!));
        Assert.Empty((await table.ReadRows(Grain(1))).Reminders);
    }

    [PostgresFact]
    public async Task A_reminder_registered_anew_cannot_be_removed_by_its_old_version()
    {
        IReminderTable table = await NewTableAsync();
        string? first = await table.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(5)));

        // ! Registering returns a version.
        Assert.True(await table.RemoveRow(Grain(1), "report", first!));
        await table.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(5)));

        Assert.False(await table.RemoveRow(Grain(1), "report", first!));
    }

    [PostgresFact]
    public async Task Ranges_of_the_ring_divide_all_reminders_without_overlap()
    {
        const int Count = 200;
        IReminderTable table = await NewTableAsync();
        for (int i = 0; i < Count; i++)
        {
            await table.UpsertRow(Entry(Grain(i), "report", TimeSpan.FromMinutes(5)));
        }

        // The last range crosses the seam of the ring; the third crosses the seam of signed integers.
        uint[] borders = [10, 0x2000_0000, 0x7000_0000, 0x9000_0000, 0xF000_0000];
        var found = new List<GrainId>();
        for (int i = 0; i < borders.Length; i++)
        {
            uint begin = borders[i];
            uint end = borders[(i + 1) % borders.Length];
            IList<ReminderEntry> range = (await table.ReadRows(begin, end)).Reminders;
            Assert.All(range, entry => Assert.True(IsWithin(entry.GrainId.GetUniformHashCode(), begin, end)));
            Assert.NotEmpty(range);
            found.AddRange(range.Select(entry => entry.GrainId));
        }

        Assert.Equal(Count, found.Count);
        Assert.Equal(Count, found.Distinct().Count());
    }

    [PostgresFact]
    public async Task A_range_excludes_its_begin_and_includes_its_end()
    {
        IReminderTable table = await NewTableAsync();
        GrainId grain = Grain(1);
        uint hash = grain.GetUniformHashCode();
        await table.UpsertRow(Entry(grain, "report", TimeSpan.FromMinutes(5)));

        Assert.Single((await table.ReadRows(hash - 1, hash)).Reminders);
        Assert.Empty((await table.ReadRows(hash, hash + 1)).Reminders);
        Assert.Single((await table.ReadRows(hash, hash)).Reminders);
    }

    [PostgresFact]
    public async Task Services_do_not_see_each_others_reminders()
    {
        IReminderTable mine = await NewTableAsync();
        IReminderTable other = await NewTableAsync();
        await mine.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(5)));
        await other.UpsertRow(Entry(Grain(1), "report", TimeSpan.FromMinutes(5)));

        await mine.TestOnlyClearTable();

        Assert.Empty((await mine.ReadRows(0, 0)).Reminders);
        Assert.Single((await other.ReadRows(0, 0)).Reminders);
    }

    private static bool IsWithin(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static GrainId Grain(int number) => GrainId.Create("account", $"user:acme.eng.u{number}");

    private static ReminderEntry Entry(GrainId grain, string name, TimeSpan period) => new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = period };

    private async Task<IReminderTable> NewTableAsync()
    {
        IHost host = SiloSettings.Of(database, $"reminders-{Guid.NewGuid():N}").ToBuilder().Build();
        var table = host.Services.GetRequiredService<IReminderTable>();
        await table.StartAsync(CancellationToken.None);
        return table;
    }
}
