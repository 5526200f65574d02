using System.Net;
using System.Text.Json;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Objects;

/// <summary>Files pass to a provider that keeps them, and are their org's.</summary>
public sealed class FilesTests
{
    private const string Marker = "canary-of-an-upload-4711";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_is_uploaded_listed_told_read_and_deleted(bool fileFirst)
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        JsonElement made = await ObjectsGateway.JsonOf(await running.UploadAsync("Grüße\r\n--x", "user_data", "notes für dich.txt", fileFirst: fileFirst));
        string id = made.GetProperty("id").GetString()!; // ! A file has an id.
        JsonElement told = await ObjectsGateway.JsonOf(await running.GetAsync($"/v1/files/{id}"));
        HttpResponseMessage content = await running.GetAsync($"/v1/files/{id}/content");
        JsonElement list = await ObjectsGateway.JsonOf(await running.GetAsync("/v1/files"));
        JsonElement deleted = await ObjectsGateway.JsonOf(await running.SendAsync(HttpMethod.Delete, $"/v1/files/{id}"));

        Assert.Equal(("user_data", 12), (made.GetProperty("purpose").GetString(), made.GetProperty("bytes").GetInt32()));
        Assert.Equal("notes für dich.txt", made.GetProperty("filename").GetString());
        Assert.Equal(made.GetRawText(), told.GetRawText());
        Assert.Equal("Grüße\r\n--x", await content.Content.ReadAsStringAsync());
        Assert.Equal(id, Assert.Single(list.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.True(deleted.GetProperty("deleted").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await running.GetAsync($"/v1/files/{id}")).StatusCode);
        Assert.Empty((await ObjectsGateway.JsonOf(await running.GetAsync("/v1/files"))).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task An_org_shares_its_files_and_nobody_else_sees_reads_or_deletes_them()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string id = await running.UploadedAsync("secret", "user_data");

        Assert.Equal(HttpStatusCode.OK, (await running.GetAsync($"/v1/files/{id}", TestConfig.OtherKey)).StatusCode);
        foreach (string key in (string[])[ObjectsGateway.OtherOrgKey, ObjectsGateway.OtherTenantKey])
        {
            Assert.Empty((await ObjectsGateway.JsonOf(await running.GetAsync("/v1/files", key))).GetProperty("data").EnumerateArray());
            foreach (HttpResponseMessage answer in (HttpResponseMessage[])
            [
                await running.GetAsync($"/v1/files/{id}", key),
                await running.GetAsync($"/v1/files/{id}/content", key),
                await running.SendAsync(HttpMethod.Delete, $"/v1/files/{id}", key),
                await running.CreateBatchAsync(id, key),
            ])
            {
                JsonElement error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.Equal(($"No such File object: {id}", "invalid_request_error", "object_not_found"), (error.GetProperty("message").GetString(), error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await running.GetAsync($"/v1/files/{id}/content")).StatusCode);
    }

    [Fact]
    public async Task A_call_cannot_name_the_file_of_another_org()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        string id = await running.UploadedAsync("secret", "user_data", ObjectsGateway.OtherOrgKey);

        HttpResponseMessage refused = await running.Gateway.ChatAsync(
            $$$"""{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"Read"},{"type":"file","file":{"file_id":"{{{id}}}"}}]}]}""");

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains($"No such File object: {id}", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(running.Provider.Requests, request => request.Path.EndsWith("/chat/completions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_come_in_pages_of_the_callers_own()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        List<string> ids = [];
        for (int i = 0; i < 5; i++)
        {
            ids.Add(await running.UploadedAsync($"text {i}", i == 2 ? "vision" : "user_data"));
            await running.UploadedAsync("other", "user_data", ObjectsGateway.OtherOrgKey);
        }

        Assert.Equal((Ids: string.Join(' ', ids[4], ids[3]), More: true), await PageAsync(running, "?limit=2"));
        Assert.Equal((Ids: string.Join(' ', ids[2], ids[1]), More: true), await PageAsync(running, $"?limit=2&after={ids[3]}"));
        Assert.Equal((Ids: ids[0], More: false), await PageAsync(running, $"?limit=2&after={ids[1]}"));
        Assert.Equal((Ids: string.Join(' ', ids[0], ids[1]), More: true), await PageAsync(running, "?limit=2&order=asc"));
        Assert.Equal((Ids: ids[2], More: false), await PageAsync(running, "?purpose=vision"));
        Assert.Equal(HttpStatusCode.BadRequest, (await running.GetAsync("/v1/files?limit=0")).StatusCode);
    }

    [Fact]
    public async Task An_upload_is_a_request_of_files_within_the_limits()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync("""{ "quotas": [ { "metric": "operations", "operation": "files", "period": "day", "amount": 1 } ] }""");

        HttpResponseMessage first = await running.UploadAsync("a", "user_data");
        await running.Gateway.WhenIdleAsync();
        HttpResponseMessage second = await running.UploadAsync("b", "user_data");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Single(running.Provider.Requests);
        JsonElement e = Assert.Single(await running.Gateway.EventsAsync());
        Assert.Equal(("files", "up", 0m), (e.GetProperty("operation").GetString(), e.GetProperty("provider").GetString(), e.GetProperty("costUsd").GetDecimal()));
        await running.Gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_before_it_goes_anywhere()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        HttpResponseMessage refused = await running.UploadAsync(new string('x', 100_001), "user_data");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("Gateway:FileBytesMax", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(running.Provider.Requests);
        Assert.Empty(await running.Gateway.EventsAsync());
    }

    [Fact]
    public async Task Nothing_of_an_upload_stays_on_the_disk()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        await running.UploadedAsync(ObjectsGateway.Line("a", Marker));
        await running.UploadAsync(Marker);
        await running.UploadAsync(Marker, "user_data");
        await running.Gateway.WhenIdleAsync();

        Assert.DoesNotContain(System.IO.Directory.EnumerateFiles(Path.GetTempPath(), "aiorleans-*"), file => File.ReadAllText(file).Contains(Marker, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a.fault-400.txt", 400)]
    [InlineData("a.fault-401.txt", 502)]
    [InlineData("a.fault-500.txt", 502)]
    [InlineData("a.fault-503.txt", 503)]
    public async Task What_the_provider_refuses_is_told_and_costs_nothing(string name, int status)
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        HttpResponseMessage refused = await running.UploadAsync("text", "user_data", name);

        Assert.Equal(status, (int)refused.StatusCode);
        Assert.DoesNotContain("canary", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(await running.Gateway.EventsAsync()).GetProperty("requests").GetInt32());
        await running.Gateway.AssertNothingHeldAsync();
    }

    [Fact]
    public async Task Only_a_provider_that_keeps_files_takes_one()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await running.UploadAsync("text", "user_data", provider: "up")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await running.UploadAsync("text", "user_data", provider: "claude")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await running.UploadAsync(ObjectsGateway.Line("a", "Hi", "claude-only"))).StatusCode);
    }

    [Fact]
    public async Task Strangers_are_refused_before_their_file_is_read()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await running.UploadAsync("text", "user_data", key: "sk-wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await running.GetAsync("/v1/files", "sk-wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await running.GetAsync("/v1/batches/batch_1", "sk-wrong")).StatusCode);
    }

    private static async Task<(string Ids, bool More)> PageAsync(ObjectsGateway running, string query)
    {
        JsonElement page = await ObjectsGateway.JsonOf(await running.GetAsync("/v1/files" + query));
        return (string.Join(' ', page.GetProperty("data").EnumerateArray().Select(file => file.GetProperty("id").GetString())), page.GetProperty("has_more").GetBoolean());
    }
}
