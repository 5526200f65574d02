using AIOrleans.Host.Startup;

// Ways in: `dotnet run --project src/AIOrleans.Host` serves; `-- demo` tells its story in the terminal.
return args is ["demo", ..]
    ? await AIOrleans.Host.Demo.DemoCommand.RunAsync()
    : await ServeCommand.RunAsync(args);
