using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;
using AIOrleans.Core.Directory;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

/// <summary>A secret is a type that cannot be formatted; nothing public carries one as text.</summary>
public sealed partial class SecretTests
{
    private const string Canary = "sk-canary-4711";

    [Fact]
    public void Nothing_public_carries_a_secret_as_text() => Findings.AssertNone(Repository.OwnProduct.SelectMany(TextSecrets));

    [Theory]
    [InlineData("public sealed record A(string ApiKey);", 1)]
    [InlineData("public sealed record A(string? ClientSecret, int B);", 1)]
    [InlineData("public sealed record A { public required string Secret { get; init; } }", 1)]
    [InlineData("public sealed class AOptions { public string? AdminApiKey { get; set; } }", 1)]
    [InlineData("public struct A { public string Password; }", 1)]
    [InlineData("public sealed record A(string SecretHash, Secret? ApiKey, string KeyId);", 0)]
    [InlineData("public sealed class A { public const string ApiKeyHeader = \"x-api-key\"; private readonly string secret; }", 0)]
    [InlineData("internal sealed record KeyBody(string Secret);", 0)]
    public void Catches_secrets_as_text(string text, int count) => Assert.Equal(count, Findings.Of(TextSecrets, text).Count);

    [Fact]
    public void A_secret_shows_only_asterisks()
    {
        var secret = new Secret(Canary);
        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", string.Format(CultureInfo.InvariantCulture, "{0}", secret));
        Assert.Equal("Bearer ***", $"Bearer {secret}");
        Assert.Equal(Canary, secret.Reveal());
    }

    [Fact]
    public void A_secret_cannot_be_serialised() =>
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(new { Key = new Secret(Canary) }), StringComparison.Ordinal);

    [Fact]
    public void A_secret_has_nothing_for_a_serialiser_or_debugger_to_read()
    {
        Assert.Empty(typeof(Secret).GetProperties());
        Assert.Empty(typeof(Secret).GetFields());
    }

    [Fact]
    public void A_record_with_a_secret_formats_without_it()
    {
        var provider = new ProviderConfig("p", "openai", null, new Secret(Canary), null, ProviderTimeouts.Default, null);
        Assert.Contains("ApiKey = ***", provider.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(provider), StringComparison.Ordinal);
    }

    private static IEnumerable<Finding> TextSecrets(SourceFile file)
    {
        foreach (TypeDeclarationSyntax type in file.Nodes<TypeDeclarationSyntax>().Where(type => type.Modifiers.Any(SyntaxKind.PublicKeyword)))
        {
            IEnumerable<(SyntaxToken Name, TypeSyntax? Type)> members = type.Members.OfType<PropertyDeclarationSyntax>()
                .Where(property => IsPublic(property, type)).Select(property => (property.Identifier, (TypeSyntax?)property.Type))
                .Concat(type.Members.OfType<FieldDeclarationSyntax>().Where(field => IsPublic(field, type) && !field.Modifiers.Any(SyntaxKind.ConstKeyword))
                    .SelectMany(field => field.Declaration.Variables.Select(variable => (variable.Identifier, (TypeSyntax?)field.Declaration.Type))))
                .Concat(type is RecordDeclarationSyntax { ParameterList: { } parameters } ? parameters.Parameters.Select(p => (p.Identifier, p.Type)) : []);
            foreach ((SyntaxToken name, TypeSyntax? _) in members.Where(member => IsText(member.Type) && NamesSecret(member.Name.Text)))
            {
                string member = $"{type.Identifier.Text}.{name.Text}";
                yield return file.At(name, $"'{member}' carries a secret as text: use Core/Directory/Secret, or keep its hash in …Hash");
            }
        }
    }

    private static bool IsPublic(MemberDeclarationSyntax member, TypeDeclarationSyntax type) =>
        type is InterfaceDeclarationSyntax || member.Modifiers.Any(SyntaxKind.PublicKeyword);

    private static bool IsText(TypeSyntax? type) => type?.ToString() is "string" or "string?" or "String" or "char[]" or "ReadOnlyMemory<char>";

    private static bool NamesSecret(string name) => SecretName().IsMatch(name) && !name.EndsWith("Hash", StringComparison.Ordinal);

    [GeneratedRegex("ApiKey|AdminKey|MasterKey|Secret|Password|Credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
