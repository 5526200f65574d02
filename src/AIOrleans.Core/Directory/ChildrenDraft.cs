using System.Collections.Immutable;
using AIOrleans.Core.Accounts;

namespace AIOrleans.Core.Directory;

/// <summary>Changes many child sets of <see cref="CallerIndex"/>, opening each only once: adding to a closed set of a hundred thousand keys copies a path of it.</summary>
internal sealed class ChildrenDraft(ImmutableDictionary<AccountId, ImmutableHashSet<AccountId>> start)
{
    private readonly Dictionary<AccountId, ImmutableHashSet<AccountId>.Builder> opened = [];

    public IEnumerable<AccountId> Of(AccountId parent) =>
        opened.TryGetValue(parent, out var set) ? set : start.TryGetValue(parent, out ImmutableHashSet<AccountId>? closed) ? closed : [];

    public void Add(AccountId parent, AccountId child) => Open(parent).Add(child);

    public void Remove(AccountId parent, AccountId child) => Open(parent).Remove(child);

    /// <summary>All sets, without those that became empty.</summary>
    public ImmutableDictionary<AccountId, ImmutableHashSet<AccountId>> Finish()
    {
        if (opened.Count == 0)
        {
            return start;
        }

        var all = start.ToBuilder();
        foreach ((AccountId parent, ImmutableHashSet<AccountId>.Builder set) in opened)
        {
            if (set.Count == 0)
            {
                all.Remove(parent);
            }
            else
            {
                all[parent] = set.ToImmutable();
            }
        }

        return all.ToImmutable();
    }

    private ImmutableHashSet<AccountId>.Builder Open(AccountId parent)
    {
        if (!opened.TryGetValue(parent, out ImmutableHashSet<AccountId>.Builder? set))
        {
            set = (start.TryGetValue(parent, out ImmutableHashSet<AccountId>? closed) ? closed : []).ToBuilder();
            opened[parent] = set;
        }

        return set;
    }
}
