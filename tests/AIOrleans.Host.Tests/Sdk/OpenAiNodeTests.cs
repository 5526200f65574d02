using System.Diagnostics;
using System.Runtime.CompilerServices;
using AIOrleans.Host.Tests.Processes;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The unmodified OpenAI client for Node against the gateway: runs <c>tests/sdk-clients/node</c>.</summary>
public sealed class OpenAiNodeTests
{
    [NodeFact]
    public async Task The_client_for_Node_works_unmodified()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(SimulatedConfig.Json());
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=spec", "openai.test.js"])
        {
            WorkingDirectory = NodeFactAttribute.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AIORLEANS_URL"] = gateway.Url.ToString(),
                ["AIORLEANS_KEY"] = TestConfig.Key,
                ["AIORLEANS_LIMITED_KEY"] = SimulatedConfig.LimitedKey,
                ["NODE_OPTIONS"] = null,
            },
        };

        using Process node = Process.Start(start)!; // ! Null only for a process that is used again.
        Task<string> errors = node.StandardError.ReadToEndAsync();
        string output = await node.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(3));
        await node.WaitForExitAsync();

        Assert.True(node.ExitCode == 0, output + await errors);
        await gateway.WhenIdleAsync();
    }
}

/// <summary>A test that needs Node and the client's packages; skipped, with the cure, without.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (!HasNode())
        {
            Skip = "There is no node on the PATH.";
        }
        else if (!System.IO.Directory.Exists(Path.Combine(Folder, "node_modules", "openai")))
        {
            Skip = "Its packages are not installed: run 'npm ci' in tests/sdk-clients/node.";
        }
    }

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "sdk-clients", "node"));

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!; // ! A source file has a folder.

    private static bool HasNode() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")));
}
