using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Calls;

/// <summary>Chooses who serves the next call.</summary>
internal interface ICallTargets
{
    /// <summary>Times that a call is sent, in all, when nobody takes its connection: a balancer tries another gateway, a client does not.</summary>
    int ConnectTriesMax { get; }

    /// <summary>One that serves, as soon as there is one.</summary>
    Task<GatewayLife> ChooseAsync(Random dice);
}
