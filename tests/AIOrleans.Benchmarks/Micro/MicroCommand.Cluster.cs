using AIOrleans.Benchmarks.Results;

namespace AIOrleans.Benchmarks.Micro;

/// <summary>Beside genuine Orleans there is no BenchmarkDotNet: they want different versions of the compiler's packages.</summary>
internal static class MicroCommand
{
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static void Run(BenchmarkOptions options, FigureBook book) =>
        throw new InvalidOperationException($"{options.Command} is measured in the Embedded edition, where the same steps are the same code: build without -p:Edition=Cluster.");
}
