using System.Collections.Immutable;
using AIOrleans.Core.Accounts;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Tests;

public sealed class PathTextsTests
{
    private static readonly ImmutableArray<AccountId> Path =
    [
        AccountId.Parse("tenant:acme"), AccountId.Parse("org:acme.eng"), AccountId.Parse("user:acme.eng.dev"), AccountId.Parse("model:acme.eng.gpt-4o"),
    ];

    [Fact]
    public void Says_the_path_and_what_reports_group_by()
    {
        var texts = PathTexts.Of(Path);

        Assert.Equal("tenant:acme org:acme.eng user:acme.eng.dev model:acme.eng.gpt-4o", texts.Text);
        Assert.Equal(("acme", "acme.eng", "acme.eng.dev"), (texts[AccountKind.Tenant], texts[AccountKind.Org], texts[AccountKind.User]));
        Assert.Null(texts[AccountKind.Team]);
    }

    [Fact]
    public void Of_two_accounts_of_a_kind_it_is_the_first() =>
        Assert.Equal("acme.eng.a", PathTexts.Of([AccountId.Parse("user:acme.eng.a"), AccountId.Parse("user:acme.eng.b")])[AccountKind.User]);

    [Fact]
    public void A_path_that_calls_share_is_written_once()
    {
        Assert.Same(PathTexts.Of(Path), PathTexts.Of(Path));
        Assert.NotSame(PathTexts.Of(Path), PathTexts.Of([.. Path]));
        Assert.Equal(PathTexts.Of(Path).Text, PathTexts.Of(Path.ToList()).Text);
    }

    [Fact]
    public void An_account_without_a_name_is_refused() =>
        Assert.Throws<ArgumentException>(() => PathTexts.Of(ImmutableArray.Create(default(AccountId))));
}
