using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>What lies below one org. Apps and teams come first, since users and keys refer to them.</summary>
internal sealed class OrgSection(OrgConfig org, DeclarationDraft draft, SecretReader secrets)
{
    private readonly DeclaredIds apps = new("app");
    private readonly DeclaredIds teams = new("team");
    private readonly DeclaredIds users = new("user");

    /// <summary>Keys are unique within the org, whoever owns them: their account id names no owner.</summary>
    private readonly DeclaredIds keys = new("key");

    public void Read(ObjectReader reader)
    {
        foreach (ObjectReader app in reader.Objects("apps"))
        {
            AppConfig config = AccountJson.ReadApp(app, org.Tenant, org.Id);
            app.Finish();
            apps.Declare(app, "id", config.Id);
            draft.Apps.Add(config);
        }

        foreach (ObjectReader team in reader.Objects("teams"))
        {
            TeamConfig config = AccountJson.ReadTeam(team, org.Tenant, org.Id);
            ReadKeys(team, user: null, config.Id);
            team.Finish();
            teams.Declare(team, "id", config.Id);
            draft.Teams.Add(config);
        }

        foreach (ObjectReader user in reader.Objects("users"))
        {
            UserConfig config = AccountJson.ReadUser(user, org.Tenant, org.Id, teams);
            ReadKeys(user, config.Id, team: null);
            user.Finish();
            users.Declare(user, "id", config.Id);
            draft.Users.Add(config);
        }
    }

    private void ReadKeys(ObjectReader owner, string? user, string? team)
    {
        foreach (ObjectReader reader in owner.Objects("keys"))
        {
            KeyConfig key = KeyJson.Read(reader, org.Tenant, org.Id, user, team, secrets.ReadHash(reader));
            reader.Finish();
            keys.Declare(reader, "id", key.Id);
            apps.Require(key.App, reader.Place, "app", reader.Mistakes);
            if (user is not null)
            {
                teams.Require(key.Team, reader.Place, "team", reader.Mistakes);
            }

            draft.Keys.Add(key);
        }
    }
}
