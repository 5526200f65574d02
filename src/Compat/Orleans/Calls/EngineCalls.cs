namespace Orleans.Compat.Calls;

/// <summary>What the engine itself calls of an activation, named so that filters and errors can say it.</summary>
internal interface IEngineCalls
{
    Task TickAsync();

    Task DeliverAsync();
}

/// <summary>Shapes of the engine's own calls.</summary>
internal static class EngineCall
{
    internal static readonly MethodShape Delivery = Of(nameof(IEngineCalls.DeliverAsync), CallTraits.None);

    internal static MethodShape Tick(CallTraits traits) => Of(nameof(IEngineCalls.TickAsync), traits);

    // ! Names come from nameof.
    private static MethodShape Of(string name, CallTraits traits) => new(typeof(IEngineCalls), typeof(IEngineCalls).GetMethod(name)!, traits);
}
