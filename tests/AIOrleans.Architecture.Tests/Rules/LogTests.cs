using System.Globalization;
using System.Text.RegularExpressions;
using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

/// <summary>Logs are declared messages with an id of their project; they carry ids and codes, never a secret or what people wrote.</summary>
public sealed partial class LogTests
{
    /// <summary>First id of each project; a project has a thousand.</summary>
    private static readonly Dictionary<string, int> FirstIds = new(StringComparer.Ordinal)
    {
        ["Compat/Orleans"] = 1000,
        ["AIOrleans.Host"] = 2000,
        ["AIOrleans.Gateway"] = 3000,
        ["AIOrleans.Grains"] = 4000,
        ["AIOrleans.Providers"] = 5000,
        ["AIOrleans.Storage"] = 6000,
        ["AIOrleans.Identity"] = 7000,
        ["AIOrleans.Management"] = 8000,
    };

    private static readonly string[] Undeclarable = ["LogTrace", "LogDebug", "LogInformation", "LogWarning", "LogError", "LogCritical"];

    private static readonly string[] Private = ["Key", "Secret", "Token", "Prompt", "Completion", "Body", "Password", "Credential", "Credentials",
        "Authorization", "Content"];

    /// <summary>A last word that makes a name harmless: <c>KeyId</c>, <c>BodyBytes</c>, <c>PromptTokens</c>.</summary>
    private static readonly string[] Harmless = ["Id", "Ids", "Count", "Bytes", "Tokens", "Length", "Max", "Seconds"];

    [Fact]
    public void Every_id_is_of_its_project_and_unique() => Findings.AssertNone(WrongIds(Repository.Product));

    [Fact]
    public void No_message_carries_a_secret_or_what_people_wrote() => Findings.AssertNone(Repository.Product.SelectMany(Leaks));

    [Fact]
    public void Nothing_is_logged_but_declared_messages() => Findings.AssertNone(Repository.OwnProduct.SelectMany(Undeclared));

    [Theory]
    [InlineData("src/AIOrleans.Gateway/ALog.cs", "[LoggerMessage(4001, LogLevel.Error, \"a\")]", "Gateway has 3000–3999")]
    [InlineData("src/AIOrleans.Core/ALog.cs", "[LoggerMessage(3001, LogLevel.Error, \"a\")]", "does not log")]
    [InlineData("src/AIOrleans.Gateway/ALog.cs", "[LoggerMessage(LogLevel.Error, \"a\")]", "needs an id")]
    [InlineData("src/AIOrleans.Gateway/A.cs", "[LoggerMessage(3001, LogLevel.Error, \"a\")]", "XLog.cs")]
    public void Catches_a_wrong_id(string path, string mark, string message) =>
        Assert.Contains(message, Assert.Single(WrongIds([Sample(path, mark)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Catches_an_id_that_comes_twice()
    {
        SourceFile[] files =
        [
            Sample("src/AIOrleans.Gateway/ALog.cs", "[LoggerMessage(3001, LogLevel.Error, \"a\")]"),
            Sample("src/AIOrleans.Gateway/BLog.cs", "[LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = \"a\")]"),
        ];
        Assert.Contains("3001 comes twice", Assert.Single(WrongIds(files)).Message, StringComparison.Ordinal);
        Assert.Empty(WrongIds(files.Take(1)));
    }

    [Theory]
    [InlineData("Used {ApiKey}", "string apiKey")]
    [InlineData("Used {Key}", "string key")]
    [InlineData("Asked {prompt}", "string prompt")]
    [InlineData("Got {ResponseBody}", "string responseBody")]
    [InlineData("Nothing", "Secret secret")]
    public void Catches_a_leak(string template, string parameter) =>
        Assert.NotEmpty(Findings.Of(Leaks, SampleText($"[LoggerMessage(1, LogLevel.Error, \"{template}\")]", parameter)));

    [Theory]
    [InlineData("Key {KeyId} sent {BodyBytes} bytes, {PromptTokens} tokens", "string keyId, long bodyBytes, long promptTokens")]
    [InlineData("The key was refused", "string requestId, CancellationToken cancellationToken")]
    public void Lets_ids_and_counts_through(string template, string parameters) =>
        Assert.Empty(Findings.Of(Leaks, SampleText($"[LoggerMessage(1, LogLevel.Error, \"{template}\")]", parameters)));

    [Theory]
    [InlineData("logger.LogInformation(\"a\");")]
    [InlineData("log.LogError(exception, \"a {B}\", b);")]
    public void Catches_an_undeclared_message(string call) => Assert.Single(Findings.Of(Undeclared, $"class C {{ void M() {{ {call} }} }}"));

    private static SourceFile Sample(string path, string mark) => SourceFile.Parse(path, SampleText(mark, "string id"));

    private static string SampleText(string mark, string parameters) =>
        $"static partial class ALog {{\n{mark}\npublic static partial void M(ILogger logger, {parameters});\n}}";

    private static IEnumerable<Finding> WrongIds(IEnumerable<SourceFile> files)
    {
        var seen = new Dictionary<int, string>();
        foreach ((SourceFile file, AttributeSyntax mark) in files.SelectMany(file => Messages(file).Select(message => (file, message.Mark))))
        {
            // What one edition alone logs is in XLog.Cluster.cs or XLog.Embedded.cs.
            if (!file.Name.Split('.')[0].EndsWith("Log", StringComparison.Ordinal))
            {
                yield return file.At(mark, "log messages are declared in XLog.cs");
            }

            if (IdOf(mark) is not { } id)
            {
                yield return file.At(mark, "a log message needs an id as a number");
            }
            else if (!FirstIds.TryGetValue(file.Project, out int first))
            {
                yield return file.At(mark, $"{file.Project} does not log; if it must, give it a range here");
            }
            else if (id < first || id >= first + 1000)
            {
                yield return file.At(mark, $"id {id}: {file.Project} has {first}–{first + 999}");
            }
            else if (!seen.TryAdd(id, file.Path))
            {
                yield return file.At(mark, $"id {id} comes twice, also in {seen[id]}");
            }
        }
    }

    private static IEnumerable<Finding> Leaks(SourceFile file)
    {
        foreach ((AttributeSyntax mark, MethodDeclarationSyntax method) in Messages(file))
        {
            IEnumerable<string> placeholders = mark.DescendantNodes().OfType<LiteralExpressionSyntax>()
                .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression))
                .SelectMany(literal => Placeholder().Matches(literal.Token.ValueText).Select(match => match.Groups[1].Value));
            IEnumerable<string> parameters = method.ParameterList.Parameters.Where(parameter => parameter.Type?.ToString() != "CancellationToken")
                .Select(p => p.Identifier.ValueText);
            foreach (string name in placeholders.Concat(parameters).Where(IsPrivate).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                yield return file.At(mark, $"'{name}': logs carry ids and codes, never a secret or what people wrote");
            }
        }
    }

    private static IEnumerable<Finding> Undeclared(SourceFile file) =>
        file.Nodes<InvocationExpressionSyntax>()
            .Where(call => call.Expression is MemberAccessExpressionSyntax access && Undeclarable.Contains(access.Name.Identifier.Text))
            .Select(call => file.At(call, "declare it with [LoggerMessage] in XLog.cs"));

    private static IEnumerable<(AttributeSyntax Mark, MethodDeclarationSyntax Method)> Messages(SourceFile file) =>
        file.Nodes<MethodDeclarationSyntax>().SelectMany(method => method.AttributeLists.SelectMany(list => list.Attributes)
            .Where(mark => mark.Name.ToString() is "LoggerMessage" or "LoggerMessageAttribute").Select(mark => (mark, method)));

    private static int? IdOf(AttributeSyntax mark)
    {
        IEnumerable<AttributeArgumentSyntax> arguments = mark.ArgumentList?.Arguments ?? [];
        AttributeArgumentSyntax? argument = arguments.FirstOrDefault(a =>
            a.NameEquals?.Name.Identifier.Text == "EventId" || a.NameColon?.Name.Identifier.Text == "eventId")
            ?? arguments.FirstOrDefault(a => a.NameEquals is null && a.NameColon is null);
        return int.TryParse(argument?.Expression.ToString(), CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    private static bool IsPrivate(string name)
    {
        string[] words = [.. Word().Matches(name).Select(match => char.ToUpperInvariant(match.Value[0]) + match.Value[1..])];
        return words.Intersect(Private, StringComparer.Ordinal).Any() && !Harmless.Contains(words[^1]);
    }

    [GeneratedRegex(@"\{@?(\w+)")]
    private static partial Regex Placeholder();

    [GeneratedRegex("[A-Z]?[a-z0-9]+|[A-Z]+")]
    private static partial Regex Word();
}
