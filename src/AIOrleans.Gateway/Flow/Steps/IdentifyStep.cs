using AIOrleans.Core.Denials;
using AIOrleans.Identity;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 1: who is calling, from the key in the headers and the directory in memory, unless that may be out of date.</summary>
internal sealed class IdentifyStep(CallerDirectory callers, Permissions permissions)
{
    public Denial? Run(Exchange exchange)
    {
        switch (callers.Identify(PresentedKey.Of(exchange.Http.Request)))
        {
            case Identification.Identified identified:
                exchange.Caller = identified.Caller;
                return permissions.RefusalOfStale(exchange.Directory, identified.Caller.Path);
            case Identification.Refused refused:
                return permissions.RefusalOfStale(exchange.Directory, path: null) ?? Permissions.RefusalOf(refused.Reason);
            default:
                throw new InvalidOperationException("A credential identifies somebody or is refused.");
        }
    }
}
