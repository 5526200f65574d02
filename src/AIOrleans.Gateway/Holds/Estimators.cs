using System.Collections.Concurrent;
using AIOrleans.Core.Usage;

namespace AIOrleans.Gateway.Holds;

/// <summary>What was learned per key and model, for as many of them as are in use; the rest is forgotten and learned anew.</summary>
/// <remarks>Two generations: a full young one becomes the old one, and what is asked for moves up again. Cheaper than an exact least-recently-used list.</remarks>
internal sealed class Estimators
{
    /// <summary>Estimators of one generation: some ten megabytes.</summary>
    private const int GenerationMax = 20_000;

    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<(string KeyId, string Model), UsageEstimator> young = new();
    private volatile ConcurrentDictionary<(string KeyId, string Model), UsageEstimator> old = new();

    /// <summary>The estimator of a key and a model; callers lock it while they use it.</summary>
    public UsageEstimator Of(string keyId, string model)
    {
        if (young.TryGetValue((keyId, model), out UsageEstimator? known))
        {
            return known;
        }

        UsageEstimator estimator = old.TryGetValue((keyId, model), out UsageEstimator? older) ? older : new UsageEstimator();
        estimator = young.GetOrAdd((keyId, model), estimator);
        if (young.Count > GenerationMax)
        {
            Age();
        }

        return estimator;
    }

    private void Age()
    {
        lock (gate)
        {
            if (young.Count > GenerationMax)
            {
                old = young;
                young = new ConcurrentDictionary<(string KeyId, string Model), UsageEstimator>();
            }
        }
    }
}
