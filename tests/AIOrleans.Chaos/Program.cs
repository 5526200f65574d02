using System.Diagnostics.CodeAnalysis;
using AIOrleans.Chaos.Drills;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Chaos;

/// <summary>Proves, or disproves, that accounting is exact under fire. See <see cref="ChaosOptions.Usage"/>.</summary>
internal static class Program
{
    private const int Clean = 0;
    private const int Violated = 1;
    public const int CannotRun = 2;

    public static Task<int> Main(string[] args) => RunAsync(args, Console.Out);

    /// <returns>0 when nothing was overspent, lost or made up; 1 when something was; 2 when it could not run.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        if (args is ["drill", ..])
        {
            return await DrillProgram.RunAsync(args[1..], output);
        }

        if (!TryParse(args, output, out ChaosOptions? options))
        {
            return CannotRun;
        }

        return await InFolderAsync(folder => new ChaosRun(options, folder, TextWriter.Synchronized(output), TimeProvider.System).RunAsync(), options.Keep, output);
    }

    /// <summary>Runs in a folder that is then gone, unless it is kept.</summary>
    public static async Task<int> InFolderAsync(Func<string, Task<bool>> run, bool keep, TextWriter output)
    {
        string folder = Directory.CreateTempSubdirectory("aiorleans-chaos-").FullName;
        try
        {
            return await run(folder) ? Clean : Violated;
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException or OperationCanceledException)
        {
            output.WriteLine($"The run could not go on: {exception.Message}");
            return CannotRun;
        }
        finally
        {
            if (keep)
            {
                output.WriteLine($"Kept {folder}");
            }
            else
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static bool TryParse(string[] args, TextWriter output, [NotNullWhen(true)] out ChaosOptions? options)
    {
        options = null;
        try
        {
            options = ChaosOptions.Parse(args);
        }
        catch (FormatException mistake)
        {
            output.WriteLine(mistake.Message);
            output.WriteLine(ChaosOptions.Usage);
            return false;
        }

        if (options.IsPostgres && PostgresBinaries.MissingReason is { } missing)
        {
            output.WriteLine(missing);
            return false;
        }

        return true;
    }
}
