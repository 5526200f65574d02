using AIOrleans.Core.Silos;

namespace AIOrleans.Core.Tests.Silos;

public sealed class SpaceSavingTests
{
    [Fact]
    public void Counts_exactly_while_there_is_room()
    {
        var counter = new SpaceSaving<string>(3);
        foreach (char key in "abacab")
        {
            counter.Add(key.ToString());
        }

        Assert.Equal([("a", 3L), ("b", 2L), ("c", 1L)], counter.Entries.OrderByDescending(entry => entry.Count));
    }

    [Fact]
    public void Keeps_the_frequent_among_a_flood_of_others_and_never_counts_too_little()
    {
        const int Capacity = 50;
        const int Rounds = 1_000;
        var counter = new SpaceSaving<int>(Capacity);
        for (int i = 0; i < Rounds; i++)
        {
            counter.Add(-1);
            counter.Add(i % 3 == 0 ? -2 : 1_000_000 + i);
            counter.Add(i);
        }

        long total = 3L * Rounds;
        Dictionary<int, long> counts = counter.Entries.ToDictionary(entry => entry.Key, entry => entry.Count);
        Assert.Equal(Capacity, counts.Count);
        Assert.InRange(counts[-1], Rounds, Rounds + (total / Capacity));
        Assert.InRange(counts[-2], (Rounds + 2) / 3, ((Rounds + 2) / 3) + (total / Capacity));
    }

    [Fact]
    public void Forgets_all_when_cleared()
    {
        var counter = new SpaceSaving<string>(1);
        counter.Add("a");
        counter.Clear();
        counter.Add("b");

        Assert.Equal([("b", 1L)], counter.Entries);
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"holds":3,"future":{}}""", 3)]
    [InlineData("not JSON", 0)]
    public void Reads_the_load_of_other_versions(string json, long holds) => Assert.Equal(holds, SiloLoad.Of(json).Holds);

    [Fact]
    public void Writes_the_load_as_it_reads_it()
    {
        var load = new SiloLoad { Holds = 1, CpuPerMille = 250, Hottest = [new HotAccount("tenant:acme", 1.25m)] };

        SiloLoad read = SiloLoad.Of(load.ToJson());

        Assert.Equal(load.Hottest, read.Hottest);
        Assert.Equal((1, 250), (read.Holds, read.CpuPerMille));
    }
}
