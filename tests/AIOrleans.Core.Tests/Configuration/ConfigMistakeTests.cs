namespace AIOrleans.Core.Tests.Configuration;

/// <summary>Each spoils one place of a valid file and names the one mistake that must be reported, whole.</summary>
public sealed class ConfigMistakeTests
{
    private const string Limits = "$.tenants[0].limits";
    private const string Org = "$.tenants[0].orgs[0]";
    private const string Key = "$.tenants[0].orgs[0].users[0].keys[0]";

    [Theory]
    // Providers
    [InlineData("\"kind\": \"simulated\"", "\"kind\": \"Simulated\"", "$.providers[1].kind: must be one of openai, simulated, not 'Simulated'. Did you mean 'simulated'?")]
    [InlineData("\"baseUrl\": \"https://api.openai.com/v1\", ", "", "$.providers[0].baseUrl: is missing.")]
    [InlineData("https://api.openai.com/v1", "api.openai.com/v1", "$.providers[0].baseUrl: must be an absolute address with http:// or https://, such as https://api.openai.com/v1.")]
    [InlineData("https://api.openai.com/v1", "ftp://host/v1", "$.providers[0].baseUrl: must be an absolute address with http:// or https://, such as https://api.openai.com/v1.")]
    [InlineData("https://api.openai.com/v1", "https://me:pw@host/v1", "$.providers[0].baseUrl: must not carry a user or password; put the credential into apiKey.")]
    [InlineData("https://api.openai.com/v1", "https://host/v1?key=x", "$.providers[0].baseUrl: must end before '?' and '#': paths are appended to it.")]
    [InlineData("env:OPENAI_API_KEY", "env:NOT_SET", "$.providers[0].apiKey: names the environment variable NOT_SET, which is not set.")]
    [InlineData("env:OPENAI_API_KEY", "env:EMPTY", "$.providers[0].apiKey: names the environment variable EMPTY, which is not set.")]
    [InlineData("env:OPENAI_API_KEY", "env:WITH_NEWLINE", "$.providers[0].apiKey: comes from env:WITH_NEWLINE, whose value must be visible ASCII without spaces or line ends, as it is sent in a header.")]
    [InlineData("env:OPENAI_API_KEY", "env:9-", "$.providers[0].apiKey: must name an environment variable after 'env:', such as env:OPENAI_API_KEY.")]
    [InlineData("\"name\": \"sim\"", "\"name\": \"openai\"", "$.providers[1].name: 'openai' is the id of another provider already.")]
    [InlineData("\"connectSeconds\": 2.5", "\"connectSeconds\": 0", "$.providers[0].timeouts.connectSeconds: must be from 0.001 to 3600, not 0.")]
    [InlineData("\"latencyMs\": 20", "\"latencyMs\": 0.5", "$.providers[1].simulation.latencyMs: must be a whole number, not 0.5.")]
    [InlineData("\"errorsPerMille\": 1,", "\"errorsPerMille\": 999,", "$.providers[1].simulation.stallsPerMille: must not exceed 1000 together with errorsPerMille.")]
    // Models
    [InlineData("\"inputPerMillion\": 2.5,", "", "$.models[0].price.inputPerMillion: is missing.")]
    [InlineData("\"inputPerMillion\": 2.5,", "\"inputPerMillion\": -2.5,", "$.models[0].price.inputPerMillion: must be from 0 to 1000000, not -2.5.")]
    [InlineData("\"inputPerMillion\": 2.5,", "\"inputPerMillion\": 0.0000001,", "$.models[0].price.inputPerMillion: must have at most six decimals (micro-dollars per million tokens).")]
    [InlineData("\"inputPerMillion\": 2.5,", "\"inputPerMillion\": \"2.5\",", "$.models[0].price.inputPerMillion: must be a number, not text.")]
    [InlineData("\"inputPerMillion\": 2.5,", "\"inputPerMillion\": 1e99,", "$.models[0].price.inputPerMillion: must be a number of at most 28 digits.")]
    [InlineData("\"inputPerMillion\": 2.5,", "\"inputPerMillion\": 1.00000000000000000000000000000001,", "$.models[0].price.inputPerMillion: must be a number of at most 28 digits.")]
    [InlineData("\"perRequest\": 0.001", "\"perRequest\": 0.0000000001", "$.models[0].price.perRequest: must have at most nine decimals (nano-dollars).")]
    [InlineData("\"perRequest\": 0.001", "\"above200k\": {}", "$.models[0].price.above200k: is empty; say what differs, or leave it out.")]
    [InlineData("\"perRequest\": 0.001", "\"above200k\": { \"inputPerMillion\": -1 }", "$.models[0].price.above200k.inputPerMillion: must be from 0 to 1000000, not -1.")]
    [InlineData("\"perRequest\": 0.001", "\"flex\": { \"above128k\": 7 }", "$.models[0].price.flex.above128k: must be an object {…}, not a number.")]
    [InlineData("\"perRequest\": 0.001", "\"batch\": []", "$.models[0].price.batch: must be an object {…}, not an array.")]
    [InlineData("\"perRequest\": 0.001", "\"effectiveFrom\": \"2027-01-31T00:00:00\"", "$.models[0].price.effectiveFrom: must be a day such as 2027-01-31, or an instant with its offset such as 2027-01-31T00:00:00Z.")]
    [InlineData("\"unpriced\": \"deny\"", "\"unpriced\": \"maybe\"", "$.models[0].unpriced: must be one of allow, deny, not 'maybe'.")]
    [InlineData("\"outputTokensMax\": 16384", "\"outputTokensMax\": 128001", "$.models[0].outputTokensMax: must not be larger than contextTokensMax, which counts input and output.")]
    [InlineData("\"provider\": \"openai\"", "\"provider\": \"opena\"", "$.models[0].routes[0].provider: names the provider 'opena', which does not exist. Did you mean 'openai'?")]
    [InlineData("[ { \"provider\": \"openai\", \"model\": \"gpt-4o\", \"weight\": 3, \"priority\": 1 } ]", "[]", "$.models[0].routes: must have at least one route.")]
    [InlineData("\"weight\": 3", "\"weight\": -1", "$.models[0].routes[0].weight: must be from 0 to 1000000, not -1.")]
    // Tenants and limits
    [InlineData("\"id\": \"acme\"", "\"id\": \"\"", "$.tenants[0].id: must not be empty.")]
    [InlineData("\"id\": \"acme\"", "\"id\": \"a\\u0007\"", "$.tenants[0].id: must not contain control characters.")]
    [InlineData("\"id\": \"acme\"", "\"id\": \"a\\ud800\"", "$.tenants[0].id: is broken Unicode.")]
    [InlineData("\"id\": \"acme\"", "\"id\": 7", "$.tenants[0].id: must be text in quotes, not a number.")]
    [InlineData("\"id\": \"acme\"", "\"id\": \"0123456789012345678901234567890123456789012345678901234567890123x\"", "$.tenants[0].id: must have at most 64 characters, not 65.")]
    [InlineData("\"id\": \"acme\"", "\"id\": \"語語語語語語語語語語語語語語語語語語\"", "$.tenants[0].id: is too long: at most 160 characters, where each byte outside a-z, 0-9 and '-' counts as three.")]
    [InlineData("\"id\": \"acme\"", "\"id\": \"acme\", \"id\": \"acme\"", "$.tenants[0].id: stands here twice; keep one.")]
    [InlineData("Europe/Berlin", "../../etc/passwd", "$.tenants[0].timeZone: '../../etc/passwd' is not a known time zone. Use an IANA name such as Europe/Berlin.")]
    [InlineData("\"active\": true", "\"active\": \"yes\"", "$.tenants[0].active: must be true or false, not text.")]
    [InlineData("[\"gpt-*\"]", "[\"*-4o\"]", "$.tenants[0].allowedModels: has '*' inside '*-4o'; it may only stand at the end.")]
    [InlineData("[\"gpt-*\"]", "\"gpt-*\"", "$.tenants[0].allowedModels: must be an array […], not text.")]
    [InlineData("[\"gpt-*\"]", "[3]", "$.tenants[0].allowedModels[0]: must be text in quotes, not a number.")]
    [InlineData("\"requestsPerMinute\": 6000", "\"requestsPerMinute\": -1", $"{Limits}.requestsPerMinute: must be from 1 to 1000000000, not -1.")]
    [InlineData("\"requestsPerMinute\": 6000", "\"requestsPerMinute\": 1000000001", $"{Limits}.requestsPerMinute: must be from 1 to 1000000000, not 1000000001.")]
    [InlineData("\"requestsPerMinute\": 6000", "\"requestsPerMinute\": 1.5", $"{Limits}.requestsPerMinute: must be a whole number, not 1.5.")]
    [InlineData("\"requestsPerMinute\": 6000, ", "", $"{Limits}.requestBurst: needs requestsPerMinute beside it.")]
    [InlineData("allow-and-journal", "allow", $"{Limits}.onStoreOutage: must be one of deny, allow-and-journal, not 'allow'.")]
    [InlineData("\"metric\": \"cost\"", "\"metric\": \"costs\"", $"{Limits}.quotas[0].metric: must be one of requests, tokens, cost, operations, not 'costs'. Did you mean 'cost'?")]
    [InlineData("\"period\": \"month\"", "\"period\": \"monthly\"", $"{Limits}.quotas[0].period: must be one of minute, hour, day, week, month, quarter, year, total, not 'monthly'. Did you mean 'month'?")]
    [InlineData("\"mode\": \"strict\"", "\"mode\": \"hard\"", $"{Limits}.quotas[0].mode: must be one of strict, expected, warn, shadow, not 'hard'.")]
    [InlineData("\"mode\": \"strict\"", "\"mode\": \"strict\", \"cutOff\": true", $"{Limits}.quotas[0].cutOff: needs \"mode\": \"expected\".")]
    [InlineData("\"mode\": \"strict\"", "\"cutOff\": true", $"{Limits}.quotas[0].cutOff: needs \"mode\": \"expected\".")]
    [InlineData("\"mode\": \"warn\"", "\"mode\": \"expected\", \"cutOff\": true", $"{Limits}.quotas[1].cutOff: needs \"metric\": \"cost\" or \"tokens\".")]
    [InlineData("5000.123456789", "5000.1234567891", $"{Limits}.quotas[0].amount: must have at most nine decimals (nano-dollars).")]
    [InlineData("5000.123456789", "-1", $"{Limits}.quotas[0].amount: must be from 0 to 1000000000, not -1.")]
    [InlineData("\"metric\": \"operations\", \"operation\": \"chat\"", "\"metric\": \"tokens\", \"operation\": \"chat\"", $"{Limits}.quotas[1].operation: needs \"metric\": \"operations\".")]
    [InlineData("\"operation\": \"chat\", ", "", $"{Limits}.quotas[1].operation: is missing.")]
    [InlineData("\"operation\": \"chat\"", "\"operation\": \"Chat\"", $"{Limits}.quotas[1].operation: must be in lower case, as operations are named: chat, embeddings, …")]
    // Orgs and below
    [InlineData("\"model\": \"gpt-4o\", \"limits\"", "\"model\": \"gpt-4\", \"limits\"", $"{Org}.models[0].model: names the model 'gpt-4', which does not exist. Did you mean 'gpt-4o'?")]
    [InlineData("{ \"id\": \"copilot\" }", "{ \"id\": \"copilot\" }, { \"id\": \"copilot\" }", $"{Org}.apps[1].id: 'copilot' is the id of another app already.")]
    [InlineData("\"tokenBurst\": 200000", "\"tokensBurst\": 200000", $"{Org}.teams[0].limits.tokensBurst: is not a known property. Did you mean 'tokenBurst'? Known here: adaptive, concurrent, onStoreOutage, quotas, requestBurst, requestsPerMinute, tokenBurst, tokensPerMinute.")]
    [InlineData("\"teams\": [\"core\"]", "\"teams\": [\"core\", \"cor\"]", $"{Org}.users[0].teams[1]: names the team 'cor', which does not exist. Did you mean 'core'?")]
    [InlineData("{ \"concurrent\": 8 }", "[]", $"{Org}.users[0].limits: must be an object {{…}}, not an array.")]
    // Keys
    [InlineData("\"team\": \"core\"", "\"team\": \"cora\"", $"{Key}.team: names the team 'cora', which does not exist. Did you mean 'core'?")]
    [InlineData("\"app\": \"copilot\"", "\"app\": \"pilot\"", $"{Key}.app: names the app 'pilot', which does not exist.")]
    [InlineData("\"id\": \"k1\"", "\"id\": \"service\"", $"{Key}.id: 'service' is the id of another key already.")]
    [InlineData("\"secret\": \"sk-test\"", "\"secret\": \"sk-service\"", $"{Key}.secret: is the same secret as $.tenants[0].orgs[0].teams[0].keys[0].secret; each key and admin needs its own.")]
    [InlineData("\"secret\": \"sk-test\"", "\"secret\": \"\"", $"{Key}.secret: must not be empty.")]
    [InlineData("\"secret\": \"sk-test\",", "", $"{Key}.secret: is missing.")]
    [InlineData("2030-01-01T00:00:00+01:00", "2030-01-01T00:00:00", $"{Key}.expiresAt: must be an instant with its offset, such as 2027-01-31T00:00:00Z.")]
    [InlineData("2030-01-01T00:00:00+01:00", "next year", $"{Key}.expiresAt: must be an instant with its offset, such as 2027-01-31T00:00:00Z.")]
    [InlineData("\"project\": \"p1\"", "\"cost center\": 4711", $"{Key}.tags['cost center']: must be text in quotes, not a number.")]
    // Admins and the root
    [InlineData("env:ADMIN_KEY", "sk-test", "$.admins[0].secret: is the same secret as $.tenants[0].orgs[0].users[0].keys[0].secret; each key and admin needs its own.")]
    [InlineData("\"admins\"", "\"admin\"", "$.admin: is not a known property. Did you mean 'admins'? Known here: admins, models, providers, tenants.")]
    public void Each_mistake_is_named_with_its_place_and_cure(string part, string replacement, string mistake) =>
        Assert.Equal([mistake], ConfigText.Mistakes(ConfigText.With(part, replacement)));

    [Theory]
    [InlineData("", "$: is empty; the smallest configuration is {}.")]
    [InlineData("[]", "$: must be an object {…}, not an array.")]
    [InlineData("{\n  \"tenants\": [ { \"id\" \"acme\" } ] }", "$: is not valid JSON at line 2, column 23: '\"' is invalid after a property name. Expected a ':'.")]
    [InlineData("{ \"é\": é }", "$: is not valid JSON at line 1, column 8: '0xC3' is an invalid start of a value.")]
    [InlineData("{ \"secret\": tsk-canary }", "$: is not valid JSON at line 1, column 14: a value is no number, true, false or null; text needs quotes.")]
    public void Text_that_is_no_configuration_at_all_is_located(string json, string mistake) => Assert.Equal([mistake], ConfigText.Mistakes(json));
}
