using System.Text.Json;
using AIOrleans.Identity.Tokens;

namespace AIOrleans.Identity.Tests.Tokens;

public sealed class ClaimTextTests
{
    private static readonly JsonElement Claims = JsonDocument.Parse("""
        {
          "sub": "dev", "empty": "", "number": 7, "groups": ["core", 7, "", "web"], "one": ["core"],
          "realm_access": { "roles": ["admin"] }, "resource_access": { "my.client": { "roles": ["user"] } },
          "https://acme.example/team": "core", "a.b": "whole", "a": { "b": "below" }
        }
        """).RootElement.Clone();

    [Theory]
    [InlineData("sub", "dev")]
    [InlineData("groups", "core,web")]
    [InlineData("realm_access.roles", "admin")]
    [InlineData("resource_access.my.client.roles", "user")]
    [InlineData("https://acme.example/team", "core")]
    [InlineData("a.b", "whole")]
    [InlineData("empty", "")]
    [InlineData("number", "")]
    [InlineData("missing", "")]
    [InlineData("realm_access", "")]
    [InlineData("sub.below", "")]
    [InlineData("", "")]
    public void A_claim_is_found_by_its_name_or_its_path(string name, string texts) => Assert.Equal(texts, string.Join(',', ClaimText.All(Claims, name)));

    [Theory]
    [InlineData("sub", "dev")]
    [InlineData("one", "core")]
    [InlineData("groups", null)]
    [InlineData("number", null)]
    public void One_text_is_one(string name, string? text) => Assert.Equal(text, ClaimText.One(Claims, name));
}
