using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Chaos.Drills;

/// <summary>The command <c>drill</c>.</summary>
internal static class DrillProgram
{
#if CLUSTER
    private const string? EditionMissing = null;
#else
    private const string? EditionMissing = "A drill needs silos: build with -p:Edition=Cluster.";
#endif

    /// <returns>As of <see cref="Program.RunAsync"/>: 1 also when a call failed that no step need have harmed.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        DrillOptions options;
        try
        {
            options = DrillOptions.Parse(args);
        }
        catch (FormatException mistake)
        {
            output.WriteLine(mistake.Message);
            output.WriteLine(DrillOptions.Usage);
            return Program.CannotRun;
        }

        if ((EditionMissing ?? PostgresBinaries.MissingReason ?? (options.Cuts ? SiloNetwork.MissingReason : null)) is { } missing)
        {
            output.WriteLine(missing);
            return Program.CannotRun;
        }

        return await Program.InFolderAsync(folder => new Drill(options, folder, TextWriter.Synchronized(output), TimeProvider.System).RunAsync(), options.Keep, output);
    }
}
