using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Callers;

public sealed class CallerTests
{
    [Theory]
    [InlineData("gpt-*", "gpt-4o", true)]
    [InlineData("gpt-*", "o3", false)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("*", "anything", true)]
    public void A_pattern_allows_what_it_matches(string pattern, string model, bool allowed) =>
        Assert.Equal(allowed, With(new AccessConfig(true, [pattern], null)).MayUseModel(model));

    [Fact]
    public void An_empty_list_allows_nothing_and_no_list_everything()
    {
        Assert.False(With(new AccessConfig(true, [], [])).MayUseModel("gpt-4o"));
        Assert.False(With(new AccessConfig(true, [], [])).MayUseRegion("us"));
        Assert.True(With(AccessConfig.Default).MayUseModel("gpt-4o"));
        Assert.True(With(AccessConfig.Default).MayUseRegion(null));
    }

    [Fact]
    public void A_key_whose_records_are_missing_is_suspended_at_the_outermost()
    {
        Caller caller = Caller.Of(Key(AccessConfig.Default), null, null, null, null, null);

        Assert.Equal("tenant:acme", caller.Suspended?.ToString());
        Assert.Equal(["tenant:acme", "org:acme.r%26d", "user:acme.r%26d.dev", "key:acme.r%26d.k%2E1"], caller.Path.Select(account => account.ToString()));
    }

    [Fact]
    public void Usage_is_attributed_to_the_escaped_id_which_no_other_key_can_have() =>
        Assert.Equal("acme.r%26d.k%2E1", With(AccessConfig.Default).AttributionFor("m").KeyId);

    private static Caller With(AccessConfig access) => Caller.Of(
        Key(access),
        new TenantConfig("acme", "UTC", LimitsConfig.None, AccessConfig.Default),
        new OrgConfig("acme", "r&d", LimitsConfig.None, AccessConfig.Default, new Dictionary<string, LimitsConfig>(StringComparer.Ordinal)),
        team: null,
        new UserConfig("acme", "r&d", "dev", [], LimitsConfig.None, AccessConfig.Default),
        app: null);

    private static KeyConfig Key(AccessConfig access) =>
        new("acme", "r&d", "k.1", "dev", null, null, "00", [], LimitsConfig.None, access, null, Revoked: false);
}
