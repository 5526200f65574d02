using AIOrleans.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Rules;

/// <summary>Time comes in as a TimeProvider, nothing waits for a task by blocking, nothing starts work that nobody awaits.</summary>
public sealed class CallTests
{
    private static readonly HashSet<string> Clocks =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Stopwatch.StartNew", "Stopwatch.GetTimestamp",
        "Environment.TickCount", "Environment.TickCount64", "Thread.Sleep",
    ];

    private static readonly HashSet<string> Starters = ["Task.Run", "Task.Factory.StartNew", "ThreadPool.QueueUserWorkItem", "Parallel.For",
        "Parallel.ForEach"];

    [Fact]
    public void Clocks_and_blocking_calls_only_become_fewer() => Ratchet.AssertHolds("calls.txt", Count(Repository.Product));

    [Fact]
    public void No_method_is_async_void() => Findings.AssertNone(Repository.Everything.SelectMany(AsyncVoid));

    [Theory]
    [InlineData("DateTime.UtcNow", "DateTime.UtcNow")]
    [InlineData("System.DateTimeOffset.Now", "DateTimeOffset.Now")]
    [InlineData("Stopwatch.StartNew()", "Stopwatch.StartNew")]
    [InlineData("System.Threading.Thread.Sleep(1)", "Thread.Sleep")]
    [InlineData("Task.Delay(1000)", "Task.Delay")]
    [InlineData("Task.Delay(pause, cancellationToken)", "Task.Delay")]
    [InlineData("new PeriodicTimer(period)", "PeriodicTimer")]
    [InlineData("Task.Run(() => 1)", "Task.Run")]
    [InlineData("task.Wait()", ".Wait()")]
    [InlineData("task.Result", ".Result")]
    [InlineData("task.GetAwaiter().GetResult()", ".GetResult()")]
    public void Catches(string expression, string call) =>
        Assert.Equal(new Dictionary<string, int> { [$"src/A/C.cs {call}"] = 1 }, Count([Sample(expression)]));

    [Theory]
    [InlineData("time.GetUtcNow()")]
    [InlineData("Task.Delay(pause, time)")]
    [InlineData("Task.Delay(pause, TimeProvider.System, cancellationToken)")]
    [InlineData("new PeriodicTimer(period, time)")]
    [InlineData("view.ResultCount")]
    [InlineData("\"DateTime.UtcNow\"")]
    public void Lets_through(string expression) => Assert.Empty(Count([Sample(expression)]));

    [Fact]
    public void Catches_async_void() =>
        Assert.Equal(2, Findings.Of(AsyncVoid, "class C {\nasync void M() {\nasync void Local() { } } async Task N() { } }").Count);

    private static SourceFile Sample(string expression) => SourceFile.Parse("src/A/C.cs", $"class C {{ object M() => {expression}; }}");

    private static Dictionary<string, int> Count(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => Calls(file).Distinct().Select(call => $"{file.Path} {call.Name}")).CountBy(key => key, StringComparer.Ordinal).ToDictionary();

    private static IEnumerable<(string Name, int Position)> Calls(SourceFile file)
    {
        foreach (MemberAccessExpressionSyntax access in file.Nodes<MemberAccessExpressionSyntax>())
        {
            if (NameOf(access) is { } name)
            {
                yield return (name, access.SpanStart);
            }
        }

        foreach (ObjectCreationExpressionSyntax creation in file.Nodes<ObjectCreationExpressionSyntax>())
        {
            if (creation is { Type: IdentifierNameSyntax { Identifier.Text: "PeriodicTimer" }, ArgumentList.Arguments.Count: 1 })
            {
                yield return ("PeriodicTimer", creation.SpanStart);
            }
        }
    }

    private static string? NameOf(MemberAccessExpressionSyntax access)
    {
        string text = access.ToString().Replace("System.Threading.Tasks.", "", StringComparison.Ordinal)
            .Replace("System.Threading.", "", StringComparison.Ordinal)
            .Replace("System.Diagnostics.", "", StringComparison.Ordinal).Replace("System.", "", StringComparison.Ordinal);
        if (Clocks.Contains(text) || Starters.Contains(text))
        {
            return text;
        }

        SeparatedSyntaxList<ArgumentSyntax>? arguments = (access.Parent as InvocationExpressionSyntax)?.ArgumentList.Arguments;
        return access.Name.Identifier.Text switch
        {
            "Delay" when text == "Task.Delay" && arguments is { } given && !given.Any(IsTimeProvider) => "Task.Delay",
            "Wait" when arguments is { Count: 0 } => ".Wait()",
            "GetResult" when arguments is { Count: 0 } && access.Expression.ToString().EndsWith(".GetAwaiter()", StringComparison.Ordinal) => ".GetResult()",
            "Result" when arguments is null && !(access.Parent is AssignmentExpressionSyntax assignment && assignment.Left == access) => ".Result",
            _ => null,
        };
    }

    private static bool IsTimeProvider(ArgumentSyntax argument) =>
        argument.Expression.ToString() is var text
        && (text.Contains("TimeProvider", StringComparison.OrdinalIgnoreCase) || text.EndsWith("time", StringComparison.OrdinalIgnoreCase)
            || text.EndsWith("clock", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Finding> AsyncVoid(SourceFile file) =>
        file.Nodes<MethodDeclarationSyntax>().Where(method => IsAsyncVoid(method.Modifiers, method.ReturnType))
            .Select(method => file.At(method.Identifier, "async void: return a task"))
            .Concat(file.Nodes<LocalFunctionStatementSyntax>().Where(local => IsAsyncVoid(local.Modifiers, local.ReturnType))
                .Select(local => file.At(local.Identifier, "async void: return a task")));

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax returned) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && returned is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
}
