using AIOrleans.Providers.Http.Wires;

namespace AIOrleans.Providers.Simulated;

/// <summary>The built-in provider speaks OpenAI's protocol, at no address.</summary>
internal sealed class SimulatedWire : OpenAiWire
{
    private static readonly Uri Nowhere = new("http://simulated.invalid/v1/chat/completions");

    public override Uri AddressOf(AttemptRequest request) => Nowhere;
}
