using AIOrleans.Benchmarks;

return await BenchmarkCommand.RunAsync(args, Console.Out);
