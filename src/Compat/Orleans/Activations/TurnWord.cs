using Orleans.Compat.Calls;

namespace Orleans.Compat.Activations;

/// <summary>The values of an activation's turn word.</summary>
/// <remarks>
/// <c>Idle</c>: no turn, no call, nothing queued, and the activation is valid. An odd value: one call runs inline on its caller's
/// thread and nobody else came; the upper bits are its traits. <c>Gated</c>: the fields behind the gate say what is going on.
/// Idle → inline and back are one compare-and-swap each, without the gate; every way into Gated needs the gate and a compare-and-swap;
/// Gated → Idle happens behind the gate only.
/// </remarks>
internal static class TurnWord
{
    internal const int Idle = 0;
    internal const int Gated = 2;

    internal static int Inline(CallTraits traits) => 1 | ((int)traits << 2);

    internal static CallTraits Traits(int word) => (CallTraits)(word >> 2);
}
