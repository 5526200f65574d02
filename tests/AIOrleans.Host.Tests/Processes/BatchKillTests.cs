using System.Text;
using System.Text.Json;
using AIOrleans.Host.Tests.Objects;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Processes;

/// <summary>kill -9 while a batch runs: it stays charged by its worst case, and by what it used once a later process sees its end.</summary>
public sealed class BatchKillTests
{
    [UnixFact]
    public async Task A_batch_outlives_the_process_that_began_it_and_is_charged_once()
    {
        using var folder = new TempFolder();
        await using ModelServer provider = await ModelServer.StartAsync(ModelWire.OpenAi);
        string[] options =
        [
            "--data", folder.Data, "--config", folder.Write("config.jsonc", ObjectsGateway.Json(provider, """{ "quotas": [ { "metric": "cost", "period": "month", "amount": 1 } ] }""")),
            "--Ledger:LeaseSeconds", "5", "--Gateway:BatchPollSeconds",
        ];
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync([.. options, "3600"]))
        {
            await BeginAsync(gateway);

            // Before its settlement is sure to be written.
            await gateway.KillAsync();
        }

        await using (GatewayProcess again = await GatewayProcess.StartAsync([.. options, "3600"]))
        {
            await Patience.UntilAsync("the worst case is charged", async () => (await BatchesAsync(again)).Count == 1);
            Assert.True(Assert.Single(await BatchesAsync(again)).GetProperty("estimated").GetBoolean());
            await again.KillAsync();
        }

        // The next look was an hour away: from the first list on, it is a second.
        await using GatewayProcess last = await GatewayProcess.StartAsync([.. options, "1"]);
        using HttpResponseMessage list = await last.Client.GetAsync("/v1/batches");
        await Patience.UntilAsync("the truth is charged", async () => Assert.Single(await BatchesAsync(last)).GetProperty("estimated").GetBoolean() is false);

        JsonElement settled = Assert.Single(await BatchesAsync(last));
        Assert.Equal(provider.Invoice.Sum(call => call.Usage.Total), settled.GetProperty("tokens").GetProperty("total").GetInt64());
        JsonElement quota = Assert.Single((await last.AdminAsync("accounts/key/acme.eng.k1/live")).GetProperty("quotas").EnumerateArray());
        Assert.Equal((settled.GetProperty("costUsd").GetDecimal(), 0m), (quota.GetProperty("used").GetDecimal(), quota.GetProperty("held").GetDecimal()));
    }

    private static async Task BeginAsync(GatewayProcess gateway)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Encoding.UTF8.GetBytes(ObjectsGateway.Line("a", "Hello there"))), "file", "calls.jsonl" },
            { new StringContent("batch"), "purpose" },
        };
        using HttpResponseMessage file = await gateway.Client.PostAsync("/v1/files", form);
        string? id = (await ObjectsGateway.JsonOf(file)).GetProperty("id").GetString();
        using var body = new StringContent($$"""{"input_file_id":"{{id}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""", Encoding.UTF8, "application/json");
        await ObjectsGateway.JsonOf(await gateway.Client.PostAsync("/v1/batches", body));
    }

    private static async Task<IReadOnlyList<JsonElement>> BatchesAsync(GatewayProcess gateway) =>
        [.. (await gateway.EventsAsync()).Where(e => e.GetProperty("operation").GetString() == "batches")];
}
