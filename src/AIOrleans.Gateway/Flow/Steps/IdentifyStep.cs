using AIOrleans.Core.Denials;
using AIOrleans.Identity;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 1: who is calling, from the key or the token in the headers and the directory in memory, unless that may be out of date.</summary>
internal sealed class IdentifyStep(RequestIdentity identity, Permissions permissions)
{
    /// <remarks>Completes at once but for a token whose issuer must be asked for a key.</remarks>
    public async ValueTask<Denial?> RunAsync(Exchange exchange)
    {
        switch (await identity.IdentifyAsync(exchange.Http))
        {
            case Identification.Identified identified:
                exchange.Caller = identified.Caller;
                return permissions.RefusalOfStale(exchange.Directory, identified.Caller.Path);
            case Identification.Refused refused:
                return permissions.RefusalOfStale(exchange.Directory, path: null) ?? Permissions.RefusalOf(refused.Reason);
            case Identification.TokenDenied denied:
                return permissions.RefusalOfStale(exchange.Directory, path: null) ?? denied.Denial;
            default:
                throw new InvalidOperationException("A credential identifies somebody or is refused.");
        }
    }
}
