using AIOrleans.Core.Accounts;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Identity;

namespace AIOrleans.Gateway.Flow;

/// <summary>Whether what this process knows of a caller still holds: a key may be revoked, here or elsewhere, while its call is on the way.</summary>
/// <remarks>Thread-safe. Reads memory only.</remarks>
internal sealed class Permissions(RequestIdentity identity, IDirectory directory, DirectoryFreshness freshness)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Refuses while this process cannot hear of changes. Accounts that let calls be journaled while the store is away have accepted that.</summary>
    /// <param name="path">Tenant first; null where nobody was identified: whoever it is may have got a key that is not known here.</param>
    public Denial? RefusalOfStale(DirectorySnapshot known, IReadOnlyList<AccountId>? path) =>
        freshness.IsStale && !(path is not null && known.MayJournal(path)) ? new Denial.DirectoryStale(RetryAfter) : null;

    /// <summary>Looks again, just before a provider is called: bodies may come slowly, and calls wait in line.</summary>
    public Denial? RefusalSince(Exchange exchange, IReadOnlyList<AccountId> path)
    {
        DirectorySnapshot now = directory.Current;
        if (RefusalOfStale(now, path) is { } stale)
        {
            return stale;
        }

        if (ReferenceEquals(now, exchange.Directory))
        {
            return null;
        }

        return identity.IdentifyAgain(exchange.Caller) switch
        {
            Identification.Refused refused => RefusalOf(refused.Reason),
            Identification.TokenDenied denied => denied.Denial,
            Identification.Identified { Caller.Suspended: { } suspended } => new Denial.Suspended(suspended),
            Identification.Identified { Caller: var caller } when !caller.MayUseModel(exchange.Model.Name) => new Denial.ModelNotAllowed(exchange.Model.Name),
            _ => null,
        };
    }

    public static Denial RefusalOf(IdentityRefusal reason) => new Denial.Unauthenticated(reason switch
    {
        IdentityRefusal.Missing => "No API key was sent. Send it as 'Authorization: Bearer YOUR_KEY'.",
        IdentityRefusal.Revoked => "This API key has been revoked. Use another one.",
        IdentityRefusal.Expired => "This API key has expired. Use another one.",
        _ => "This API key is not known here. Check that it was copied whole and is meant for this gateway.",
    });
}
