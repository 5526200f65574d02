using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Holds;

namespace AIOrleans.Gateway.Tests.Holds;

public sealed class EstimatorsTests
{
    [Fact]
    public void What_was_learned_is_found_again()
    {
        var estimators = new Estimators();
        UsageEstimator learned = estimators.Of("acme.eng.k1", "gpt-4o");

        Assert.Same(learned, estimators.Of("acme.eng.k1", "gpt-4o"));
        Assert.NotSame(learned, estimators.Of("acme.eng.k1", "other"));
    }

    [Fact]
    public void What_is_in_use_outlives_a_flood_of_others_and_the_rest_is_forgotten()
    {
        var estimators = new Estimators();
        UsageEstimator used = estimators.Of("used", "m");
        UsageEstimator idle = estimators.Of("idle", "m");
        for (int i = 0; i < 50_000; i++)
        {
            estimators.Of($"flood-{i}", "m");
            estimators.Of("used", "m");
        }

        Assert.Same(used, estimators.Of("used", "m"));
        Assert.NotSame(idle, estimators.Of("idle", "m"));
    }
}
