namespace AIOrleans.Host.Startup;

/// <summary>What the command line takes.</summary>
internal static class Usage
{
    private const string Text = """
        AIOrleans, a gateway to large language models.

          (no word)        serves until it is told to stop; the first start prints keys to call it with
          demo             tells in the terminal what the gateway does, in half a minute
          prices import    brings a price list into the price book: prices import FILE [--dry-run] [--effective-from DAY]
          bill verify      recomputes every charge from its tokens and price: bill verify [--tenant TENANT] [--from DAY] [--to DAY]
          --help           prints this

        Options, each also an environment variable:
          --config FILE    AIORLEANS_CONFIG    who may call what; applied again whenever it changes (default: none)
          --data FOLDER    AIORLEANS_DATA      database and master key (default: data)
          --urls URL       ASPNETCORE_URLS     where to listen (default: http://127.0.0.1:8080)

        Everything else is in docs/configuration.md.
        """;

    public static int Print()
    {
        Console.Out.WriteLine(Text);
        return 0;
    }

    public static int Refuse(string word)
    {
        Console.Error.WriteLine($"AIOrleans does not know '{word}'. It knows 'demo', 'prices', 'bill', '--help' and options such as --config FILE.");
        return 2;
    }
}
