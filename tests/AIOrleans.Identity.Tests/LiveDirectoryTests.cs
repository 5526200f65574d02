using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Tests.Directory;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Identity.Tests;

public sealed class LiveDirectoryTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TestVault vault = new();
    private readonly MemoryStore store = new();
    private readonly LiveDirectory directory;

    public LiveDirectoryTests() => directory = Follow();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_write_is_visible_when_it_returns()
    {
        Assert.True(await directory.WriteAsync([Admin("a")], null, None));

        Assert.Equal(["a"], directory.Current.Admins.Keys);
    }

    [Fact]
    public async Task A_write_is_visible_even_when_a_read_from_before_it_is_still_under_way()
    {
        var slow = new TaskCompletionSource();
        store.ReadDelay = slow.Task;
        Task early = directory.RefreshAsync(None);
        store.ReadDelay = null;

        Task<bool> write = directory.WriteAsync([Admin("a")], null, None);
        slow.SetResult();
        await Task.WhenAll(early, write);

        Assert.Equal(["a"], directory.Current.Admins.Keys);
    }

    [Fact]
    public async Task A_stale_write_is_refused_and_shows_what_was_in_the_way()
    {
        using LiveDirectory other = Follow();
        await other.WriteAsync([Admin("a")], null, None);

        Assert.False(await directory.WriteAsync([Admin("b")], expectedRevision: 0, None));

        Assert.Equal(["a"], directory.Current.Admins.Keys);
    }

    [Fact]
    public async Task A_change_is_decided_anew_when_another_writer_was_faster()
    {
        using LiveDirectory other = Follow();
        store.BeforeWrite = () =>
        {
            store.BeforeWrite = null;
            other.WriteAsync([Admin("fast")], null, None).GetAwaiter().GetResult();
        };
        var seen = new List<int>();

        await directory.ChangeAsync(
            snapshot =>
            {
                seen.Add(snapshot.Admins.Count);
                return [Admin("slow")];
            },
            None);

        Assert.Equal([0, 1], seen);
        Assert.Equal(["fast", "slow"], directory.Current.Admins.Keys.Order());
    }

    [Fact]
    public async Task A_change_that_never_wins_gives_up()
    {
        using LiveDirectory other = Follow();
        int next = 0;
        bool inside = false;
        store.BeforeWrite = () =>
        {
            if (!inside)
            {
                inside = true;
                other.WriteAsync([Admin($"fast{next++}")], null, None).GetAwaiter().GetResult();
                inside = false;
            }
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => directory.ChangeAsync(_ => [Admin("slow")], None));
        Assert.Equal(10, next);
    }

    [Fact]
    public async Task Each_swap_is_announced_with_its_records_and_a_failing_observer_stops_no_other()
    {
        await directory.WriteAsync([Admin("first")], null, None);
        DirectorySnapshot before = directory.Current;
        var changes = new List<DirectoryChange>();
        directory.Changed += _ => throw new InvalidOperationException("observer");
        directory.Changed += changes.Add;

        await directory.WriteAsync([Admin("a"), Admin("b")], null, None);
        await directory.RefreshAsync(None);

        DirectoryChange change = Assert.Single(changes);
        Assert.Same(before, change.Before);
        Assert.Same(directory.Current, change.After);
        Assert.Equal(["a", "b"], change.Records.Select(record => record.Id));
    }

    [Fact]
    public async Task An_unreachable_store_leaves_the_snapshot_as_it_was()
    {
        await directory.WriteAsync([Admin("a")], null, None);
        store.IsUnreachable = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => directory.RefreshAsync(None));
        store.IsUnreachable = false;
        await directory.RefreshAsync(None);

        Assert.Equal(["a"], directory.Current.Admins.Keys);
    }

    [Fact]
    public async Task Many_writers_lose_nothing()
    {
        using LiveDirectory other = Follow();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? directory : other).WriteAsync([Admin($"a{i}")], null, None)));
        await Task.WhenAll(directory.RefreshAsync(None), other.RefreshAsync(None));

        Assert.Equal(40, directory.Current.Admins.Count);
        Assert.Equal(40, other.Current.Admins.Count);
    }

    [Fact]
    public async Task What_is_written_while_the_directory_is_loaded_is_seen()
    {
        await store.WriteAsync([Admin("a"), Admin("b")], null, None);
        store.DuringLoad = () => _ = store.WriteAsync([Admin("c"), DirectoryJson.Tombstone(RecordKind.Admin, "a")], null, None);

        await directory.RefreshAsync(None);

        Assert.Equal(["b", "c"], directory.Current.Admins.Keys.Order());
        Assert.Equal(4, directory.Current.Revision);
    }

    [Fact]
    public async Task One_that_is_many_changes_behind_loads_the_directory_anew()
    {
        await directory.WriteAsync([Admin("a")], null, None);
        await directory.WriteAsync([Admin("b")], null, None);
        int loads = store.Loads;
        await store.WriteAsync([.. Enumerable.Range(0, 12_000).Select(i => User($"u{i}")), DirectoryJson.Tombstone(RecordKind.Admin, "a")], null, None);

        await directory.RefreshAsync(None);

        Assert.Equal(loads + 1, store.Loads);
        Assert.Equal(store.Revision, directory.Current.Revision);
        Assert.Equal(12_000, directory.Current.Users.Count);
        Assert.Equal(["b"], directory.Current.Admins.Keys);
    }

    private LiveDirectory Follow() => new(store, vault, NullLogger<LiveDirectory>.Instance);

    private DirectoryRecord User(string id) =>
        DirectoryJson.Write(new UserConfig("acme", "eng", id, [], LimitsConfig.None, AccessConfig.Default), vault);

    private DirectoryRecord Admin(string id) => DirectoryJson.Write(new AdminConfig(id, vault.HashKey(id)), vault);
}
