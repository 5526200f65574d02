using AIOrleans.Benchmarks.Load;
using AIOrleans.Benchmarks.Targets;

namespace AIOrleans.Benchmarks.Scenarios;

/// <summary>Rounds in which targets take turns (A B A B): what the machine does meanwhile, it does to all of them.</summary>
internal sealed class Turns(Bench bench, int rounds)
{
    /// <returns>What each target did, round by round: two lists have the same round at the same place.</returns>
    public async Task<Dictionary<string, List<Measured>>> TakeAsync(IEnumerable<Target> among, LoadPlan plan)
    {
        Target[] each = [.. among];
        var taken = each.ToDictionary(target => target.Name, _ => new List<Measured>());
        for (int round = 0; round < rounds; round++)
        {
            foreach (Target target in each)
            {
                taken[target.Name].Add(await bench.RunAsync(target, plan));
            }
        }

        return taken;
    }
}
