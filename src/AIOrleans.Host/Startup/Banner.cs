using System.Diagnostics;
using System.Globalization;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using Microsoft.Extensions.Options;

namespace AIOrleans.Host.Startup;

/// <summary>What a person at the terminal sees.</summary>
internal static class Banner
{
#if CLUSTER
    private const string Edition = "Cluster";
#else
    private const string Edition = "Embedded";
#endif

    public static void Print(TextWriter output, StartReport report)
    {
        TimeSpan sinceStart = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"AIOrleans ({Edition} edition) is ready at {report.Url} after {sinceStart.TotalSeconds:0.0} s. Ctrl+C stops it."));
        output.WriteLine();
        if (report.Keys is { } keys)
        {
            PrintKeys(output, report.Url, keys);
        }
        else if (report.Settings.ConfigPath is { } path)
        {
            output.WriteLine($"  Configuration  {Path.GetFullPath(path)} (applied again whenever it changes)");
        }
        else
        {
            output.WriteLine($"  Data  {report.Settings.DataFolder} (its keys were printed at its first start)");
        }

        output.WriteLine();
        output.Flush();
    }

    public static void PrintMistakes(TextWriter output, ConfigMistakesException refused)
    {
        output.WriteLine($"The configuration {refused.ConfigPath} has {refused.Mistakes.Count} {(refused.Mistakes.Count == 1 ? "mistake" : "mistakes")}. Nothing was applied.");
        foreach (ConfigMistake mistake in refused.Mistakes)
        {
            output.WriteLine($"  {mistake}");
        }
    }

    public static void PrintMistakes(TextWriter output, IEnumerable<OptionsValidationException> refused)
    {
        output.WriteLine("AIOrleans cannot start: its options have mistakes.");
        foreach (string failure in refused.SelectMany(options => options.Failures))
        {
            output.WriteLine($"  {failure}");
        }
    }

    private static void PrintKeys(TextWriter output, string url, FirstKeys keys)
    {
        // The only place that reveals generated keys: a first start must hand them over once.
        string key = keys.Key.Reveal();
        output.WriteLine("  These keys are shown once. Keep them.");
        output.WriteLine($"  API key    {key}");
        output.WriteLine($"  Admin key  {keys.Admin.Reveal()}");
        output.WriteLine();
        output.WriteLine("  Try it:");
        output.WriteLine($"  curl {url}/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' "
            + $"-d '{{\"model\":\"{DirectoryDefaults.Model}\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}]}}'");
    }
}
