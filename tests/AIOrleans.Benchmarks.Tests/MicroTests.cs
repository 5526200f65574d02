#if !CLUSTER
using AIOrleans.Benchmarks.Micro;

namespace AIOrleans.Benchmarks.Tests;

public sealed class MicroTests
{
    /// <summary>A full run makes some ten million; without refill a bucket of the highest rate is empty after 1.25 million.</summary>
    private const int Calls = 1_500_000;

    [Fact]
    public void Holds_and_settlements_go_on_for_as_many_as_a_run_makes()
    {
        var benchmarks = new LimitBenchmarks();
        benchmarks.Setup();
        for (int call = 0; call < Calls; call++)
        {
            Assert.True(benchmarks.HoldAndSettle());
        }
    }
}
#endif
