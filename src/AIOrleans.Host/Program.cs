using AIOrleans.Host.Commands;
using AIOrleans.Host.Startup;

// Ways in: `dotnet run --project src/AIOrleans.Host` serves; `-- demo` tells its story in the terminal; the others work on the store and end.
return args switch
{
    ["demo", ..] => await AIOrleans.Host.Demo.DemoCommand.RunAsync(),
    ["prices", ..] => await PricesCommand.RunAsync(args[1..]),
    ["bill", ..] => await BillCommand.RunAsync(args[1..]),
    ["help" or "--help" or "-h" or "-?", ..] => Usage.Print(),
    [{ Length: > 0 } word, ..] when char.IsAsciiLetter(word[0]) && !word.Contains('=', StringComparison.Ordinal) => Usage.Refuse(word),
    _ => await ServeCommand.RunAsync(args),
};
