using System.Net;
using AIOrleans.Cluster.Tests.Postgres;
using AIOrleans.Cluster.Tests.Silos;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Cluster.Tests.Membership;

/// <summary>What Orleans' membership protocol needs of its table.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class MembershipTableTests(Database database)
{
    /// <summary>Whole microseconds, which is what PostgreSQL keeps.</summary>
    private static readonly DateTime Start = new(2026, 3, 1, 12, 30, 15, 123, 456, DateTimeKind.Utc);

    [PostgresFact]
    public async Task A_new_table_has_a_version_and_no_silos()
    {
        IMembershipTable table = await NewTableAsync();

        MembershipTableData all = await table.ReadAll();

        Assert.Empty(all.Members);
        Assert.Equal(0, all.Version.Version);
    }

    [PostgresFact]
    public async Task A_table_is_begun_only_once()
    {
        string cluster = NewName();
        IMembershipTable first = await TableAsync(cluster);
        Assert.True(await first.InsertRow(Entry(1), (await first.ReadAll()).Version.Next()));

        IMembershipTable second = await TableAsync(cluster);

        Assert.Equal(1, (await second.ReadAll()).Version.Version);
    }

    [PostgresFact]
    public async Task A_silo_is_read_as_it_was_inserted()
    {
        IMembershipTable table = await NewTableAsync();
        MembershipEntry entry = Entry(1);

        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));

        MembershipTableData row = await table.ReadRow(entry.SiloAddress);
        Assert.Equal(1, row.Version.Version);
        Assert.Equal(Shown(entry), Shown(Assert.Single(row.Members).Item1));
    }

    [PostgresFact]
    public async Task An_unknown_silo_is_a_version_without_a_row()
    {
        IMembershipTable table = await NewTableAsync();
        Assert.True(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));

        MembershipTableData row = await table.ReadRow(Entry(2).SiloAddress);

        Assert.Empty(row.Members);
        Assert.Equal(1, row.Version.Version);
    }

    [PostgresFact]
    public async Task An_insert_from_a_stale_version_writes_nothing()
    {
        IMembershipTable table = await NewTableAsync();
        TableVersion stale = (await table.ReadAll()).Version;
        Assert.True(await table.InsertRow(Entry(1), stale.Next()));

        Assert.False(await table.InsertRow(Entry(2), stale.Next()));

        MembershipTableData all = await table.ReadAll();
        Assert.Equal(1, all.Version.Version);
        Assert.Equal(Entry(1).SiloAddress, Assert.Single(all.Members).Item1.SiloAddress);
    }

    [PostgresFact]
    public async Task A_silo_that_is_known_is_not_inserted_again()
    {
        IMembershipTable table = await NewTableAsync();
        Assert.True(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));

        Assert.False(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));

        Assert.Equal(1, (await table.ReadAll()).Version.Version);
    }

    [PostgresFact]
    public async Task An_update_changes_status_suspicions_and_version_together()
    {
        IMembershipTable table = await NewTableAsync();
        MembershipEntry entry = Entry(1);
        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        MembershipEntry dead = Entry(1);
        dead.Status = SiloStatus.Dead;
        dead.IAmAliveTime = Start.AddSeconds(7);
        // Orleans writes suspicions to the millisecond.
        DateTime suspected = new(2026, 3, 1, 12, 30, 20, 123, DateTimeKind.Utc);
        dead.SuspectTimes = [Tuple.Create(Entry(2).SiloAddress, suspected), Tuple.Create(Entry(3).SiloAddress, suspected.AddSeconds(1))];

        (MembershipEntry _, string etag) = Assert.Single((await table.ReadAll()).Members);
        Assert.True(await table.UpdateRow(dead, etag, (await table.ReadAll()).Version.Next()));

        MembershipTableData all = await table.ReadAll();
        Assert.Equal(2, all.Version.Version);
        Assert.Equal(Shown(dead), Shown(Assert.Single(all.Members).Item1));
    }

    [PostgresFact]
    public async Task An_update_from_a_stale_version_writes_nothing()
    {
        IMembershipTable table = await NewTableAsync();
        MembershipEntry entry = Entry(1);
        TableVersion stale = (await table.ReadAll()).Version;
        Assert.True(await table.InsertRow(entry, stale.Next()));
        MembershipEntry dead = Entry(1);
        dead.Status = SiloStatus.Dead;

        Assert.False(await table.UpdateRow(dead, "", stale.Next()));

        MembershipTableData all = await table.ReadAll();
        Assert.Equal(1, all.Version.Version);
        Assert.Equal(SiloStatus.Active, Assert.Single(all.Members).Item1.Status);
    }

    [PostgresFact]
    public async Task An_update_of_an_unknown_silo_moves_no_version()
    {
        IMembershipTable table = await NewTableAsync();

        Assert.False(await table.UpdateRow(Entry(1), "", (await table.ReadAll()).Version.Next()));

        Assert.Equal(0, (await table.ReadAll()).Version.Version);
    }

    [PostgresFact]
    public async Task A_sign_of_life_moves_no_version()
    {
        IMembershipTable table = await NewTableAsync();
        MembershipEntry entry = Entry(1);
        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        entry.IAmAliveTime = Start.AddMinutes(1);

        await table.UpdateIAmAlive(entry);

        MembershipTableData all = await table.ReadAll();
        Assert.Equal(1, all.Version.Version);
        Assert.Equal(Start.AddMinutes(1), Assert.Single(all.Members).Item1.IAmAliveTime);
    }

    [PostgresFact]
    public async Task Cleaning_up_removes_only_dead_silos_of_long_ago()
    {
        IMembershipTable table = await NewTableAsync();
        (SiloStatus Status, int Days)[] silos = [(SiloStatus.Dead, 0), (SiloStatus.Dead, 2), (SiloStatus.Active, 0), (SiloStatus.Joining, 0)];
        for (int i = 0; i < silos.Length; i++)
        {
            MembershipEntry entry = Entry(i + 1);
            entry.Status = silos[i].Status;
            entry.IAmAliveTime = Start.AddDays(silos[i].Days);
            Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        }

        await table.CleanupDefunctSiloEntries(Start.AddDays(1));

        int[] left = [.. (await table.ReadAll()).Members.Select(row => row.Item1.SiloAddress.Generation).Order()];
        Assert.Equal([2, 3, 4], left);
    }

    [PostgresFact]
    public async Task Deleting_a_cluster_leaves_the_others()
    {
        string kept = NewName();
        string deleted = NewName();
        IMembershipTable other = await TableAsync(kept);
        IMembershipTable table = await TableAsync(deleted);
        Assert.True(await other.InsertRow(Entry(1), (await other.ReadAll()).Version.Next()));
        Assert.True(await table.InsertRow(Entry(1), (await table.ReadAll()).Version.Next()));

        await table.DeleteMembershipTableEntries(deleted);

        Assert.Single((await other.ReadAll()).Members);
        Assert.Equal(0L, await database.ReadAsync("SELECT count(*) FROM orleans_silo WHERE cluster_id = $1", deleted));
    }

    [PostgresFact]
    public async Task Of_many_authors_of_one_version_exactly_one_succeeds_while_silos_say_that_they_live()
    {
        const int Authors = 16;
        const int Rounds = 25;
        IMembershipTable table = await NewTableAsync();
        MembershipEntry target = Entry(999);
        Assert.True(await table.InsertRow(target, (await table.ReadAll()).Version.Next()));
        using var done = new CancellationTokenSource();
        Task alive = SayAliveAsync(table, target, done.Token);

        for (int round = 0; round < Rounds; round++)
        {
            TableVersion read = (await table.ReadAll()).Version;
            bool[] results = await Task.WhenAll(Enumerable.Range(0, Authors).Select(author => author % 2 == 0
                ? table.InsertRow(Entry((round * Authors) + author + 1_000), read.Next())
                : table.UpdateRow(Entry(999), "", read.Next())));

            Assert.Single(results, succeeded => succeeded);
            Assert.Equal(read.Version + 1, (await table.ReadAll()).Version.Version);
        }

        await done.CancelAsync();
        await alive;
    }

    private static async Task SayAliveAsync(IMembershipTable table, MembershipEntry entry, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await table.UpdateIAmAlive(entry);
        }
    }

    private static string NewName() => $"table-{Guid.NewGuid():N}";

    private static MembershipEntry Entry(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.1.2.3"), 11111, number),
        SiloName = $"gateway-{number}",
        HostName = "gateway",
        Status = SiloStatus.Active,
        ProxyPort = 30000,
        StartTime = Start,
        IAmAliveTime = Start.AddSeconds(1),
    };

    private static string Shown(MembershipEntry e) =>
        $"{e.SiloAddress} {e.SiloName} {e.HostName} {e.Status} {e.ProxyPort} {e.StartTime:O} {e.IAmAliveTime:O} "
        + string.Join(", ", (e.SuspectTimes ?? []).Select(suspicion => $"{suspicion.Item1} {suspicion.Item2:yyyy-MM-dd HH:mm:ss.fff}"));

    private Task<IMembershipTable> NewTableAsync() => TableAsync(NewName());

    private async Task<IMembershipTable> TableAsync(string cluster)
    {
        IHost host = SiloSettings.Of(database, cluster).ToBuilder().Build();
        var table = host.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTable(tryInitTableVersion: true);
        return table;
    }
}
