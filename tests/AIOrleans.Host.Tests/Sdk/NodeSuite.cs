using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>Runs a suite of <c>tests/sdk-clients/node</c>.</summary>
internal static class NodeSuite
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "sdk-clients", "node"));

    /// <summary>Fails, with all that the suite wrote, unless each of its tests passed or was left out for a reason of its own.</summary>
    public static async Task RunAsync(string file, IReadOnlyDictionary<string, string?> variables)
    {
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=spec", file])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NODE_OPTIONS"] = null },
        };
        foreach ((string name, string? value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process node = Process.Start(start)!; // ! Null only for a process that is used again.
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = await node.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(3));
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, output + await errors);
    }

    /// <summary>Why a suite that needs <paramref name="package"/> cannot run here; null: it can.</summary>
    public static string? Obstacle(string package) =>
        !HasNode() ? "There is no node on the PATH."
        : !System.IO.Directory.Exists(Path.Combine([Folder, "node_modules", .. package.Split('/')])) ? "Its packages are not installed: run 'npm ci' in tests/sdk-clients/node."
        : null;

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!; // ! A source file has a folder.

    private static bool HasNode() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));
}

/// <summary>A test that needs Node and a client's package; skipped, with the cure, without.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute(string package) => Skip = NodeSuite.Obstacle(package);
}

/// <summary>Likewise, for several rows.</summary>
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute(string package) => Skip = NodeSuite.Obstacle(package);
}
