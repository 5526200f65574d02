using AIOrleans.Benchmarks;
using AIOrleans.Benchmarks.Capacity;

switch (args)
{
    case ["capacity", ..]:
        return CapacityCommand.Run(args[1..], Console.Out);
    case ["memory"]:
        await MemoryPerRecord.RunAsync(Console.Out);
        return 0;
    case ["writers"]:
        await LedgerWriters.RunAsync(TimeSpan.FromSeconds(5), Console.Out);
        return 0;
    default:
        return await BenchmarkCommand.RunAsync(args, Console.Out);
}
