using AIOrleans.Host.Startup;

// Ways in: `dotnet run --project src/AIOrleans.Host` serves; `-- demo` tells its story in the terminal.
return args switch
{
    ["demo", ..] => await AIOrleans.Host.Demo.DemoCommand.RunAsync(),
    ["help" or "--help" or "-h" or "-?", ..] => Usage.Print(),
    [{ Length: > 0 } word, ..] when char.IsAsciiLetter(word[0]) && !word.Contains('=', StringComparison.Ordinal) => Usage.Refuse(word),
    _ => await ServeCommand.RunAsync(args),
};
