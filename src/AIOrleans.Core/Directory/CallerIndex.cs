using System.Collections.Immutable;
using AIOrleans.Core.Accounts;

namespace AIOrleans.Core.Directory;

/// <summary>What a change of a record reaches: without it, one suspended user would cost a walk over a million keys.</summary>
/// <param name="Children">Keys below each org, team, user and app that a key names; orgs below each tenant.</param>
/// <param name="SharedHashes">Only where several keys have the same secret: all of them. The first in order is the caller.</param>
internal sealed record CallerIndex(
    ImmutableDictionary<AccountId, ImmutableHashSet<AccountId>> Children, ImmutableDictionary<string, ImmutableSortedSet<AccountId>> SharedHashes)
{
    public static CallerIndex Empty { get; } =
        new(ImmutableDictionary<AccountId, ImmutableHashSet<AccountId>>.Empty, ImmutableDictionary<string, ImmutableSortedSet<AccountId>>.Empty);
}
