using AIOrleans.Core.Denials;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 4: policies and data loss prevention look at the request here. No policy exists yet, so nothing is refused.</summary>
internal sealed class InspectStep
{
    public Denial? Run(Exchange exchange) => null;
}
