using System.Net;

namespace AIOrleans.Host.Tests.Objects;

/// <summary>The input of a batch is checked when it is uploaded, and again when it is run.</summary>
public sealed class BatchInputTests
{
    [Theory]
    [InlineData("no json", "Line 1")]
    [InlineData("", "empty")]
    [InlineData("""{"custom_id":"a","method":"GET","url":"/v1/chat/completions","body":{}}""", "'POST'")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/moderations","body":{}}""", "url")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions"}""", "body")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"no-such","messages":[{"role":"user","content":"x"}]}}""", "no-such")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"secret","messages":[{"role":"user","content":"x"}]}}""", "may not use")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"chat","stream":true,"messages":[{"role":"user","content":"x"}]}}""", "no streams")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"chat","service_tier":"priority","messages":[{"role":"user","content":"x"}]}}""", "service_tier")]
    public async Task A_mistaken_line_is_refused_before_anything_goes_to_the_provider(string line, string told)
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        HttpResponseMessage refused = await running.UploadAsync(line);

        Assert.InRange((int)refused.StatusCode, 400, 404);
        Assert.Contains(told, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(running.Provider.Requests);
    }

    [Fact]
    public async Task A_batch_is_of_one_model_one_endpoint_and_ids_that_differ()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string line = ObjectsGateway.Line("a", "Hi");

        foreach ((string second, string told) in ((string, string)[])
        [
            (ObjectsGateway.Line("b", "Hi", "other"), "one model"),
            (line, "custom_id"),
            ("""{"custom_id":"b","method":"POST","url":"/v1/responses","body":{"model":"chat","input":"x"}}""", "one endpoint"),
        ])
        {
            string message = await (await running.UploadAsync(line + "\n" + second)).Content.ReadAsStringAsync();
            Assert.Contains("Line 2 of the batch", message, StringComparison.Ordinal);
            Assert.Contains(told, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_batch_needs_a_file_of_its_purpose_and_endpoint()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string notes = await running.UploadedAsync("notes", "user_data");
        string calls = await running.UploadedAsync(ObjectsGateway.Line("a", "Hi"));

        Assert.Contains("purpose 'batch'", await (await running.CreateBatchAsync(notes)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("/v1/chat/completions", await (await running.CreateBatchAsync(calls, endpoint: "/v1/embeddings")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("No such File object", await (await running.CreateBatchAsync("file-none")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
