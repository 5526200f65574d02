using AIOrleans.Core.Denials;
using AIOrleans.Identity;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Step 1: who is calling, from the key in the headers and the directory in memory.</summary>
internal sealed class IdentifyStep(CallerDirectory callers)
{
    public Denial? Run(Exchange exchange)
    {
        switch (callers.Identify(PresentedKey.Of(exchange.Http.Request)))
        {
            case Identification.Identified identified:
                exchange.Caller = identified.Caller;
                return null;
            case Identification.Refused refused:
                return new Denial.Unauthenticated(MessageOf(refused.Reason));
            default:
                throw new InvalidOperationException("A credential identifies somebody or is refused.");
        }
    }

    private static string MessageOf(IdentityRefusal reason) => reason switch
    {
        IdentityRefusal.Missing => "No API key was sent. Send it as 'Authorization: Bearer YOUR_KEY'.",
        IdentityRefusal.Revoked => "This API key has been revoked. Use another one.",
        IdentityRefusal.Expired => "This API key has expired. Use another one.",
        _ => "This API key is not known here. Check that it was copied whole and is meant for this gateway.",
    };
}
