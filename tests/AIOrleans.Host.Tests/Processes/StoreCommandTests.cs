namespace AIOrleans.Host.Tests.Processes;

/// <summary>Commands that work on the store of a gateway that is not running.</summary>
public sealed class StoreCommandTests
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int BadUse = 2;

    private const string List = """{ "sim-1": { "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6 }, "empty": { "mode": "chat" } }""";

    [Fact]
    public async Task A_list_is_imported_once_and_the_bill_is_verified()
    {
        using var folder = new TempFolder();
        string list = folder.Write("list.json", List);
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync("--config", folder.Write("config.jsonc", SimulatedConfig.Json()), "--data", folder.Data))
        {
            Assert.True((await gateway.ChatAsync("""{"model":"sim-1","messages":[{"role":"user","content":"Hi"}]}""")).IsSuccessStatusCode);
            Ending locked = await GatewayProcess.RunAsync("bill", "verify", "--data", folder.Data);
            Assert.Equal(Failed, locked.ExitCode);
            Assert.Contains("GET /api/v1/usage/verify", locked.Errors, StringComparison.Ordinal);
            await gateway.TerminateAsync();
        }

        Ending dry = await GatewayProcess.RunAsync("prices", "import", list, "--dry-run", "--data", folder.Data);
        Ending first = await GatewayProcess.RunAsync("prices", "import", list, "--data", folder.Data, "--effective-from", "2026-01-01");
        Ending second = await GatewayProcess.RunAsync("prices", "import", list, "--data", folder.Data);
        Ending bill = await GatewayProcess.RunAsync("bill", "verify", "--data", folder.Data, "--tenant", "acme");

        Assert.Contains("1 imported, 0 changed, 0 unchanged, 1 skipped", dry.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", dry.Output, StringComparison.Ordinal);
        Assert.Contains("1 imported, 0 changed, 0 unchanged, 1 skipped; in force from 2026-01-01T00:00:00Z.", first.Output, StringComparison.Ordinal);
        Assert.Contains("skipped  empty: no price", first.Output, StringComparison.Ordinal);
        Assert.Contains("0 imported, 0 changed, 1 unchanged", second.Output, StringComparison.Ordinal);
        Assert.Contains("1 events", bill.Output, StringComparison.Ordinal);
        Assert.Contains("No mismatch.", bill.Output, StringComparison.Ordinal);
        Assert.All([dry, first, second, bill], ending => Assert.Equal((Done, ""), (ending.ExitCode, ending.Errors)));
    }

    [Theory]
    [InlineData("'prices' knows one word", "prices")]
    [InlineData("Name one file.", "prices", "import")]
    [InlineData("no option '--dryrun'", "prices", "import", "x", "--dryrun")]
    [InlineData("'--dry-run' takes no value", "prices", "import", "x", "--dry-run=yes")]
    [InlineData("'--effective-from' must be a day", "prices", "import", "x", "--effective-from", "soon")]
    [InlineData("'--effective-from' needs a value", "prices", "import", "x", "--effective-from")]
    [InlineData("cannot be read", "prices", "import", "/nowhere/list.json")]
    [InlineData("'bill' knows one word", "bill")]
    [InlineData("'--to' must be a day", "bill", "verify", "--to", "soon")]
    [InlineData("'--tenant' stands there twice", "bill", "verify", "--tenant", "a", "--tenant", "b")]
    [InlineData("--from must be before --to", "bill", "verify", "--from", "2026-02-01", "--to", "2026-01-01")]
    public async Task What_is_not_understood_is_said_and_nothing_is_done(string part, params string[] arguments)
    {
        Ending ending = await GatewayProcess.RunAsync(arguments);

        Assert.Equal(BadUse, ending.ExitCode);
        Assert.Contains(part, ending.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ending.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_data_folder_is_made_by_mistake()
    {
        using var folder = new TempFolder();

        Ending ending = await GatewayProcess.RunAsync("prices", "import", folder.Write("list.json", List), "--data", folder.Data);

        Assert.Equal(Failed, ending.ExitCode);
        Assert.Contains(folder.Data, ending.Errors, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(folder.Data));
    }
}
