using System.Collections.Immutable;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Usage;

namespace AIOrleans.Core.Money;

/// <summary>The prices in force of an alias's deployments at one instant: each attempt is charged by the deployment that was called.</summary>
public sealed class ModelPrices
{
    private readonly IReadOnlyList<RouteConfig> routes;
    private readonly ImmutableArray<ModelPrice?> prices;

    /// <param name="prices">One for each route; null where there is none.</param>
    public ModelPrices(IReadOnlyList<RouteConfig> routes, ImmutableArray<ModelPrice?> prices)
    {
        if (routes.Count != prices.Length)
        {
            throw new ArgumentException("Each route has a price or null.", nameof(prices));
        }

        this.routes = routes;
        this.prices = prices;
        for (int i = 0; i < routes.Count && Unpriced is null; i++)
        {
            Unpriced = prices[i] is null ? routes[i] : null;
        }
    }

    /// <summary>The first route without a price; null when every one has its own.</summary>
    public RouteConfig? Unpriced { get; }

    /// <summary>The price of calls of <paramref name="route"/>; null when it has none and costs nothing.</summary>
    public ModelPrice? Of(RouteConfig route)
    {
        for (int i = 0; i < prices.Length; i++)
        {
            if (routes[i] == route)
            {
                return prices[i];
            }
        }

        return null;
    }

    /// <summary>The most that a call can cost at the dearest of the deployments: see <see cref="ModelPrice.WorstCostOf"/>.</summary>
    public NanoUsd WorstCostOf(long inputTokens, long outputTokens, in UsageUnits units, ServiceTier? asked)
    {
        NanoUsd worst = NanoUsd.Zero;
        ModelPrice? before = null;
        foreach (ModelPrice? price in prices)
        {
            if (price is not null && !ReferenceEquals(price, before) && price.WorstCostOf(inputTokens, outputTokens, units, asked) is var cost && cost > worst)
            {
                worst = cost;
            }

            before = price;
        }

        return worst;
    }
}
