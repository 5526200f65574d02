using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Tests.Configuration;
using AIOrleans.Core.Tests.Directory;

namespace AIOrleans.Core.Tests.Callers;

public sealed class TokenSubjectTests
{
    private static readonly TokenSubject Dev = new("corp", "acme", "eng", "dev", Teams: null, App: null, DateTimeOffset.MaxValue);

    private readonly TestDirectory directory = TestDirectory.Of(ConfigText.Whole);

    [Fact]
    public void A_subject_has_the_path_of_its_user_without_a_key()
    {
        Caller caller = Resolved(Dev);

        Assert.Equal(["tenant:acme", "org:acme.eng", "user:acme.eng.dev"], Path(caller));
        Assert.Equal(["tenant:acme", "org:acme.eng", "user:acme.eng.dev", "model:acme.eng.gpt-4o"], caller.PathFor("gpt-4o").Select(account => account.ToString()));
        Assert.Equal(("Europe/Berlin", "acme.eng.dev@corp"), (caller.TimeZone, caller.KeyId));
        Assert.Null(caller.Key);
        Assert.Null(caller.Suspended);
        Assert.Empty(caller.AttributionFor("gpt-4o").Tags);
    }

    [Fact]
    public void Team_and_app_stand_where_those_of_a_key_do() =>
        Assert.Equal(
            ["tenant:acme", "org:acme.eng", "team:acme.eng.core", "user:acme.eng.dev", "app:acme.eng.copilot"],
            Path(Resolved(Dev with { Teams = ["everybody", "core", "core"], App = "copilot" })));

    [Fact]
    public void What_its_tenant_allows_bounds_it()
    {
        Caller caller = Resolved(Dev);

        Assert.True(caller.MayUseModel("gpt-4o"));
        Assert.False(caller.MayUseModel("o3"));
        Assert.False(caller.MayUseRegion("eu"));
    }

    [Fact]
    public void A_suspended_user_is_a_caller_who_is_suspended()
    {
        directory.Put(directory.Snapshot.Users["acme.eng.dev"] with { Access = new AccessConfig(false, null, null) });

        Assert.Equal("user:acme.eng.dev", Resolved(Dev).Suspended?.ToString());
    }

    [Fact]
    public void A_suspended_team_suspends_who_calls_for_it()
    {
        directory.Put(directory.Snapshot.Teams["acme.eng.core"] with { Access = new AccessConfig(false, null, null) });

        Assert.Equal("team:acme.eng.core", Resolved(Dev with { Teams = ["core"] }).Suspended?.ToString());
        Assert.Null(Resolved(Dev).Suspended);
    }

    [Fact]
    public void Whatever_a_subject_names_must_exist()
    {
        Assert.Equal("there is no tenant 'other'", Mistake(Dev with { Tenant = "other" }));
        Assert.Equal("there is no org 'other' in tenant 'acme'", Mistake(Dev with { Org = "other" }));
        Assert.Equal("there is no user 'other' in org 'eng' of tenant 'acme'", Mistake(Dev with { User = "other" }));
        Assert.Equal("there is no app 'other' in org 'eng' of tenant 'acme'", Mistake(Dev with { App = "other" }));
        Assert.Equal("it names no team of user 'dev'", Mistake(Dev with { Teams = [] }));
        Assert.Equal("it names no team of user 'dev'", Mistake(Dev with { Teams = ["sales"] }));
    }

    [Fact]
    public void Names_cannot_reach_into_other_records()
    {
        Assert.Equal("there is no org 'eng.dev' in tenant 'acme'", Mistake(Dev with { Org = "eng.dev" }));
        Assert.Equal("there is no tenant 'acme.eng'", Mistake(Dev with { Tenant = "acme.eng", Org = "dev" }));
        Assert.NotNull(Mistake(Dev with { User = "%64ev" }));
    }

    [Fact]
    public void A_removed_team_of_the_user_is_none()
    {
        directory.Remove(RecordKind.Team, "acme.eng.core");

        Assert.Equal("it names no team of user 'dev'", Mistake(Dev with { Teams = ["core"] }));
    }

    [Fact]
    public void Which_of_several_teams_is_charged_is_not_guessed()
    {
        directory.Put(
            directory.Snapshot.Teams["acme.eng.core"] with { Id = "web", Account = AccountId.Of(AccountKind.Team, "acme", "eng", "web") },
            directory.Snapshot.Users["acme.eng.dev"] with { Teams = ["core", "web"] });

        Assert.Equal("it names several teams of user 'dev': core, web", Mistake(Dev with { Teams = ["core", "web"] }));
        Assert.Contains("team:acme.eng.web", Path(Resolved(Dev with { Teams = ["web"] })));
    }

    private static IEnumerable<string> Path(Caller caller) => caller.Path.Select(account => account.ToString());

    private Caller Resolved(TokenSubject subject)
    {
        Caller? caller = subject.Resolve(directory.Snapshot, out string? mistake);
        Assert.Null(mistake);
        return Assert.IsType<Caller>(caller);
    }

    private string? Mistake(TokenSubject subject)
    {
        Assert.Null(subject.Resolve(directory.Snapshot, out string? mistake));
        return mistake;
    }
}
