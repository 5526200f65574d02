using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AIOrleans.Core.Accounts;

namespace AIOrleans.Storage.Ledger;

/// <summary>What a settlement's row says of its path: made once for each path that calls share, because it is a dozen strings.</summary>
internal sealed class PathTexts
{
    private static readonly ConditionalWeakTable<AccountId[], PathTexts> Known = [];

    private readonly string?[] byKind = new string?[Enum.GetValues<AccountKind>().Length];

    private PathTexts(IReadOnlyList<AccountId> path)
    {
        RowChecks.Path(path);
        Text = PathText.Of(path);
        for (int i = path.Count - 1; i >= 0; i--)
        {
            byKind[(int)path[i].Kind] = path[i].Path;
        }
    }

    /// <summary>As <see cref="PathText"/> writes it.</summary>
    public string Text { get; }

    /// <summary>The dotted path of the first account of <paramref name="kind"/>; null where there is none.</summary>
    public string? this[AccountKind kind] => byKind[(int)kind];

    /// <exception cref="ArgumentException">The path could not be written.</exception>
    public static PathTexts Of(IReadOnlyList<AccountId> path) =>
        path is ImmutableArray<AccountId> { IsDefault: false } shared && ImmutableCollectionsMarshal.AsArray(shared) is { } accounts
            ? Known.GetValue(accounts, static accounts => new PathTexts(accounts))
            : new PathTexts(path);
}
