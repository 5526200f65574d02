using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

/// <summary>Core and Protocols compute: no I/O, no waiting, no clock, no environment. Ports only declare what others do.</summary>
public sealed class PurityTests
{
    private static readonly string[] PureProjects = ["AIOrleans.Core", "AIOrleans.Protocols"];

    private static readonly HashSet<string> Tasks = ["Task", "ValueTask", "IAsyncEnumerable", "IAsyncDisposable"];

    private static readonly HashSet<string> Outside =
    [
        "File", "FileInfo", "FileStream", "DirectoryInfo", "StreamReader", "StreamWriter", "HttpClient", "HttpMessageHandler", "Socket", "TcpClient", "Dns",
        "Process", "Console", "Environment", "Thread", "ThreadPool", "Timer", "PeriodicTimer", "Stopwatch", "TimeProvider", "ILogger", "HttpContext",
    ];

    [Fact]
    public void Core_and_Protocols_are_pure() =>
        Findings.AssertNone(Repository.Product.Where(file => PureProjects.Contains(file.Project)).SelectMany(Impure));

    [Theory]
    [InlineData("class C { async void M() { } }", "async")]
    [InlineData("class C { object M() { await x; return 0; } async int N() { await y; } }", "await")]
    [InlineData("interface I { Task MAsync(); }", "Task")]
    [InlineData("interface I { ValueTask<int> MAsync(); }", "ValueTask")]
    [InlineData("class C { string M() => File.ReadAllText(\"a\"); }", "File")]
    [InlineData("class C { string M() => System.IO.File.ReadAllText(\"a\"); }", "File")]
    [InlineData("class C { bool M() => System.IO.Directory.Exists(\"a\"); }", "System.IO")]
    [InlineData("class C(HttpClient http);", "HttpClient")]
    [InlineData("class C { long M() => Stopwatch.GetTimestamp(); }", "Stopwatch")]
    [InlineData("class C { object M() => DateTimeOffset.UtcNow; }", "UtcNow")]
    [InlineData("class C(TimeProvider time);", "TimeProvider")]
    [InlineData("class C { string? M() => Environment.GetEnvironmentVariable(\"A\"); }", "Environment")]
    public void Catches(string text, string what) => Assert.Contains(Findings.Of(Impure, text), finding => finding.Contains(what, StringComparison.Ordinal));

    [Fact]
    public void Lets_ports_declare_tasks_but_not_await_them()
    {
        const string Port = "interface I { Task<int> MAsync(CancellationToken cancellationToken); }";
        Assert.Empty(Findings.Of(Impure, Port, "src/AIOrleans.Core/Ports/I.cs"));
        Assert.NotEmpty(Findings.Of(Impure, "class C { async Task M() { await x; } }", "src/AIOrleans.Core/Ports/C.cs"));
    }

    [Fact]
    public void Lets_names_through_that_only_look_alike() =>
        Assert.Empty(Findings.Of(Impure,
            "/// <summary>A File of Task.</summary>\nclass C { string Profile => \"File.ReadAllText\"; "
            + "AIOrleans.Core.Directory.Secret S => Directory.Of(1); int Timeout; }"));

    private static IEnumerable<Finding> Impure(SourceFile file)
    {
        bool isPort = file.IsBelow("src/AIOrleans.Core/Ports");
        foreach (SyntaxToken token in file.Roots.SelectMany(root => root.DescendantTokens(descendIntoTrivia: false)))
        {
            if (token.IsKind(SyntaxKind.AsyncKeyword) || token.IsKind(SyntaxKind.AwaitKeyword))
            {
                yield return file.At(token, $"'{token.Text}': pure code computes at once");
            }
        }

        foreach (SimpleNameSyntax name in file.Nodes<SimpleNameSyntax>())
        {
            string text = name.Identifier.Text;
            if ((Tasks.Contains(text) && !isPort) || (Outside.Contains(text) && !IsMemberOfSomething(name)) || text == "await")
            {
                yield return file.At(name, $"'{text}': pure code takes values, not the outside world");
            }
            else if (text is "Now" or "UtcNow" or "Today" && name.Parent is MemberAccessExpressionSyntax { Expression: var type }
                && type.ToString() is "DateTime" or "DateTimeOffset" or "System.DateTime" or "System.DateTimeOffset")
            {
                yield return file.At(name, $"'{text}': the instant is passed in");
            }
            else if (text == "IO" && name.Parent?.ToString() is "System.IO")
            {
                yield return file.At(name, "'System.IO': pure code takes values, not the outside world");
            }
        }
    }

    /// <summary>A property that happens to be called so; <c>System.IO.File</c> is still the type.</summary>
    private static bool IsMemberOfSomething(SimpleNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
            && !access.Expression.ToString().StartsWith("System.", StringComparison.Ordinal);
}
