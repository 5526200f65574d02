using System.Net;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Objects;

/// <summary>Batches are charged by their worst case until they are over, and then by what their provider billed.</summary>
public sealed class BatchesTests
{
    [Fact]
    public async Task A_batch_is_charged_as_the_providers_invoice_has_it_at_the_price_of_batches()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string file = await running.UploadedAsync(ObjectsGateway.Line("a", "Hello there") + "\n\n" + ObjectsGateway.Line("b", "Count to 20.", more: ""","user":"u-1" """) + "\r\n");

        string batch = await running.CreatedBatchAsync(file, """{"team":"blue"}""");
        JsonElement charged = Assert.Single(await BatchEventsAsync(running));
        JsonElement over = await running.WhenOverAsync(batch);
        JsonElement settled = Assert.Single(await BatchEventsAsync(running));

        Assert.True(charged.GetProperty("estimated").GetBoolean());
        Assert.True(charged.GetProperty("costUsd").GetDecimal() > settled.GetProperty("costUsd").GetDecimal());
        TokenUsage billed = Sum(running.Provider.Invoice);
        Assert.Equal(billed, settled.GetProperty("tokens").Deserialize<TokenUsage>(JsonSerializerOptions.Web));
        Assert.False(settled.GetProperty("estimated").GetBoolean());
        Assert.Equal(((billed.UncachedInput * 1m) + (billed.Output * 4m)) / 1_000_000m, settled.GetProperty("costUsd").GetDecimal());
        Assert.Equal(("up", "chat", 1), (settled.GetProperty("provider").GetString(), settled.GetProperty("model").GetString(), settled.GetProperty("requests").GetInt32()));
        Assert.Equal("blue", over.GetProperty("metadata").GetProperty("team").GetString());
        string output = await (await running.GetAsync($"/v1/files/{over.GetProperty("output_file_id").GetString()}/content")).Content.ReadAsStringAsync();
        Assert.Equal(["a", "b"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("custom_id").GetString()));
        await AssertLedgerAsync(running);
    }

    [Fact]
    public async Task Lines_go_to_the_provider_with_its_own_name_of_the_model_and_every_other_byte()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string line = ObjectsGateway.Line("a", "Hi", more: ""","x_unknown":[1, 2]""");

        string file = await running.UploadedAsync(line);

        Assert.Equal(
            line.Replace("\"chat\"", $"\"{running.Provider.Names.Chat}\"", StringComparison.Ordinal) + "\n",
            await (await running.GetAsync($"/v1/files/{file}/content")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_batch_that_nobody_asks_about_is_accounted_for_all_the_same()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string file = await running.UploadedAsync(ObjectsGateway.Line("a", "Hello there"));
        string batch = await running.CreatedBatchAsync(file);
        await running.MakeDueAsync(batch);
        await running.LookAsync();
        await running.MakeDueAsync(batch);

        await running.LookAsync();

        JsonElement settled = Assert.Single(await BatchEventsAsync(running));
        Assert.False(settled.GetProperty("estimated").GetBoolean());
        Assert.Equal(Sum(running.Provider.Invoice).Total, settled.GetProperty("tokens").GetProperty("total").GetInt64());
        await AssertLedgerAsync(running);
    }

    [Theory]
    [InlineData("expired", 2)]
    [InlineData("cancelled", 2)]
    [InlineData("failed", 0)]
    public async Task A_batch_that_ends_early_is_charged_for_what_was_answered(string ends, int answered)
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string file = await running.UploadedAsync(string.Join('\n', Enumerable.Range(0, 4).Select(i => ObjectsGateway.Line($"c{i}", "Hello there"))));
        string batch = await running.CreatedBatchAsync(file, ends == "cancelled" ? """{"ends":"never"}""" : $$"""{"ends":"{{ends}}"}""");
        if (ends == "cancelled")
        {
            JsonElement told = await ObjectsGateway.JsonOf(await running.SendAsync(HttpMethod.Post, $"/v1/batches/{batch}/cancel"));
            Assert.Equal("cancelling", told.GetProperty("status").GetString());
        }

        JsonElement over = await running.WhenOverAsync(batch);

        Assert.Equal(ends, over.GetProperty("status").GetString());
        Assert.Equal(answered, running.Provider.Invoice.Count(call => call.End == CallEnd.Whole));
        JsonElement settled = Assert.Single(await BatchEventsAsync(running));
        Assert.Equal(Sum(running.Provider.Invoice).Total, settled.GetProperty("tokens").GetProperty("total").GetInt64());
        Assert.False(settled.GetProperty("estimated").GetBoolean());
        await AssertLedgerAsync(running);
    }

    [Fact]
    public async Task Calls_that_fail_cost_nothing_and_their_errors_can_be_read()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string batch = await running.CreatedBatchAsync(await running.UploadedAsync(ObjectsGateway.Line("a", "Hi", "broken")));

        JsonElement over = await running.WhenOverAsync(batch);

        Assert.Equal(JsonValueKind.Null, over.GetProperty("output_file_id").ValueKind);
        string errors = await (await running.GetAsync($"/v1/files/{over.GetProperty("error_file_id").GetString()}/content")).Content.ReadAsStringAsync();
        Assert.Contains("decimal_above_max_value", errors, StringComparison.Ordinal);
        Assert.Equal(0m, Assert.Single(await BatchEventsAsync(running)).GetProperty("costUsd").GetDecimal());
    }

    [Fact]
    public async Task Files_of_a_batch_and_the_batch_itself_are_its_orgs_alone()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string batch = await running.CreatedBatchAsync(await running.UploadedAsync(ObjectsGateway.Line("a", "Hi")));
        string? output = (await running.WhenOverAsync(batch)).GetProperty("output_file_id").GetString();

        foreach (string key in (string[])[ObjectsGateway.OtherOrgKey, ObjectsGateway.OtherTenantKey])
        {
            HttpResponseMessage refused = await running.GetAsync($"/v1/batches/{batch}", key);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
            Assert.Contains($"No batch found with id '{batch}'.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await running.SendAsync(HttpMethod.Post, $"/v1/batches/{batch}/cancel", key)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await running.GetAsync($"/v1/files/{output}/content", key)).StatusCode);
            Assert.Empty((await ObjectsGateway.JsonOf(await running.GetAsync("/v1/batches", key))).GetProperty("data").EnumerateArray());
        }

        JsonElement own = Assert.Single((await ObjectsGateway.JsonOf(await running.GetAsync("/v1/batches", TestConfig.OtherKey))).GetProperty("data").EnumerateArray());
        Assert.Equal(batch, own.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_list_shows_how_batches_are_now()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string batch = await running.CreatedBatchAsync(await running.UploadedAsync(ObjectsGateway.Line("a", "Hi")));

        Assert.Equal("in_progress", await StatusAsync());
        Assert.Equal("completed", await StatusAsync());
        Assert.False(Assert.Single(await BatchEventsAsync(running)).GetProperty("estimated").GetBoolean());

        async Task<string?> StatusAsync() =>
            Assert.Single((await ObjectsGateway.JsonOf(await running.GetAsync("/v1/batches?limit=1"))).GetProperty("data").EnumerateArray()).GetProperty("status").GetString();
    }

    [Fact]
    public async Task A_budget_without_room_for_the_worst_case_refuses_the_batch_and_the_truth_gives_room_back()
    {
        // The worst case of one such batch is some $0.0014, what it uses some $0.00002.
        await using ObjectsGateway running = await ObjectsGateway.StartAsync("""{ "quotas": [ { "metric": "cost", "period": "day", "amount": 0.002 } ] }""");
        string file = await running.UploadedAsync(ObjectsGateway.Line("a", "Hi"));
        string first = await running.CreatedBatchAsync(file);
        await running.Gateway.WhenIdleAsync();

        HttpResponseMessage refused = await running.CreateBatchAsync(file);
        await running.WhenOverAsync(first);
        await running.Gateway.WhenIdleAsync();
        HttpResponseMessage second = await running.CreateBatchAsync(file);

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(2, running.Provider.Requests.Count(request => request is { Method: "POST", Path: "/v1/batches" }));
    }

    [Fact]
    public async Task Rates_of_tokens_do_not_stop_a_batch_nor_the_calls_beside_it()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync("""{ "tokensPerMinute": 600 }""");
        await running.CreatedBatchAsync(await running.UploadedAsync(string.Join('\n', Enumerable.Range(0, 50).Select(i => ObjectsGateway.Line($"c{i}", "Hello")))));
        await running.Gateway.WhenIdleAsync();

        HttpResponseMessage call = await running.Gateway.ChatAsync("""{"model":"chat","messages":[{"role":"user","content":"Hi"}],"max_tokens":20}""");

        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
    }

    [Theory]
    [InlineData("400", 400, false)]
    [InlineData("500", 502, false)]
    [InlineData("503", 503, false)]
    public async Task A_batch_that_the_provider_refuses_costs_nothing(string status, int told, bool isCharged)
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string file = await running.UploadedAsync(ObjectsGateway.Line("a", "Hi"));

        HttpResponseMessage refused = await running.CreateBatchAsync(file, metadata: $$"""{"refuses":"{{status}}"}""");

        Assert.Equal(told, (int)refused.StatusCode);
        JsonElement e = Assert.Single(await BatchEventsAsync(running));
        Assert.Equal((isCharged, 0m), (e.GetProperty("estimated").GetBoolean(), e.GetProperty("costUsd").GetDecimal()));
        await running.Gateway.AssertNothingHeldAsync();
    }

    /// <summary>The ledger's sums are those of its events, and nothing is held any more.</summary>
    private static async Task AssertLedgerAsync(ObjectsGateway running)
    {
        await running.Gateway.AssertNothingHeldAsync();
        HttpResponseMessage verified = await running.Gateway.Admin.GetAsync("/api/v1/usage/verify");
        JsonElement report = JsonDocument.Parse(await verified.Content.ReadAsStringAsync()).RootElement;
        Assert.True(report.GetProperty("verified").GetBoolean(), report.GetRawText());
    }

    private static async Task<IReadOnlyList<JsonElement>> BatchEventsAsync(ObjectsGateway running) =>
        [.. (await running.Gateway.EventsAsync()).Where(e => e.GetProperty("operation").GetString() == "batches")];

    private static TokenUsage Sum(IEnumerable<BilledCall> invoice)
    {
        TokenUsage sum = default;
        foreach (TokenUsage usage in invoice.Where(call => call.End == CallEnd.Whole).Select(call => call.Usage))
        {
            sum = sum with { UncachedInput = sum.UncachedInput + usage.UncachedInput, CacheRead = sum.CacheRead + usage.CacheRead, Output = sum.Output + usage.Output, Reasoning = sum.Reasoning + usage.Reasoning };
        }

        return sum;
    }
}
