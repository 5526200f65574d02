using AIOrleans.Core.Configuration;
using AIOrleans.Core.Money;
using AIOrleans.Core.Ports;
using AIOrleans.Testing;

namespace AIOrleans.Identity.Tests;

public sealed class LivePricesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MemoryPriceStore store = new();

    [Fact]
    public async Task A_change_shows_at_once_and_at_other_processes_after_they_look()
    {
        using LivePrices ours = new(store);
        using LivePrices theirs = new(store);

        await ours.ChangeAsync(_ => [Record("m", 1)], default);

        Assert.Single(ours.Current.Schedules);
        Assert.Empty(theirs.Current.Schedules);
        await theirs.RefreshAsync(default);
        Assert.Equal(ours.Current.Sequence, theirs.Current.Sequence);
        Assert.Single(theirs.Current.Schedules);
    }

    [Fact]
    public async Task A_writer_that_was_slower_decides_anew()
    {
        using LivePrices ours = new(store);
        using LivePrices theirs = new(store);
        bool isFirst = true;
        store.BeforeWrite = () =>
        {
            if (isFirst)
            {
                isFirst = false;
                theirs.ChangeAsync(_ => [Record("other", 2)], default).GetAwaiter().GetResult();
            }
        };

        var seen = new List<int>();
        await ours.ChangeAsync(
            book =>
            {
                seen.Add(book.Schedules.Count);
                return [Record("m", 1)];
            },
            default);

        Assert.Equal([0, 1], seen);
        Assert.Equal(["m", "other"], ours.Current.Schedules.Keys.Select(name => name.Model));
    }

    [Fact]
    public async Task A_writer_that_is_always_slower_gives_up()
    {
        using LivePrices ours = new(store);
        bool isOurs = true;
        store.BeforeWrite = () =>
        {
            if (isOurs)
            {
                isOurs = false;
                long known = ours.Current.Sequence;
                store.WriteAsync([Record($"other-{known}", 2)], known, default).GetAwaiter().GetResult();
                isOurs = true;
            }
        };

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ours.ChangeAsync(_ => [Record("m", 1)], default));
        Assert.DoesNotContain(ours.Current.Schedules.Keys, name => name.Model == "m");
    }

    private static PriceRecord Record(string model, long micro)
    {
        var price = new ModelPrice { Version = "", Input = new TokenPrice(micro), Output = new TokenPrice(micro) };
        return new PriceRecord(0, new PriceName(PriceSource.Import, model), Now, price with { Version = PriceJson.VersionOf(price) }, Now);
    }
}
