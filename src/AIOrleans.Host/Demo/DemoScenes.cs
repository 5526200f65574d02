using AIOrleans.Host.Demo.Scenes;

namespace AIOrleans.Host.Demo;

/// <summary>One part of the tour: does something over HTTP, shows it, and claims what it saw.</summary>
internal interface IDemoScene
{
    string Title { get; }

    /// <exception cref="DemoClaimException">The gateway did not do what the scene claims.</exception>
    Task PlayAsync(CancellationToken cancellationToken);
}

/// <summary>The tour, in order.</summary>
internal static class DemoScenes
{
    public static IReadOnlyList<IDemoScene> InOrder(DemoScreen screen, DemoClient client, TimeProvider time) =>
    [
        new ChatScene(screen, client),
        new StreamScene(screen, client),
        new RateLimitScene(screen, client, time),
        new BudgetScene(screen, client),
        new FailoverScene(screen, client),
        new LiveScene(screen, client),
        new BillScene(screen, client),
    ];
}
