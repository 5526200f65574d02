namespace AIOrleans.Benchmarks.Targets;

/// <summary>What others have made and this machine may have.</summary>
internal static class Installed
{
    public const string PortkeyHow =
        "mkdir -p ~/.cache/aiorleans-benchmarks && cd ~/.cache/aiorleans-benchmarks && npm install @portkey-ai/gateway@1.15.2 @hono/node-server@1.13.8";

    /// <summary>Portkey's start script, below <c>AIORLEANS_BENCH_NODE</c> or the folder of <see cref="PortkeyHow"/>; null where it is not.</summary>
    public static string? Portkey
    {
        get
        {
            string home = Environment.GetEnvironmentVariable("AIORLEANS_BENCH_NODE")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "aiorleans-benchmarks");
            string script = Path.Combine(home, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
            return File.Exists(script) ? script : null;
        }
    }

    /// <summary>Where a program is; null where it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
