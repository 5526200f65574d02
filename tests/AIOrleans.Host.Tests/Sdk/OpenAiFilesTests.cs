using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AIOrleans.Host.Tests.Objects;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Files;

#pragma warning disable OPENAI001 // The client calls its batches experimental.

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>Files and batches with OpenAI's own clients through the gateway; what the ledger charged is compared with the provider's invoice.</summary>
public sealed class OpenAiFilesTests
{
    [NodeFact("openai")]
    public async Task The_client_for_Node()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();

        await NodeSuite.RunAsync("files.test.js", new Dictionary<string, string?>
        {
            ["AIORLEANS_CELL"] = "openai",
            ["AIORLEANS_URL"] = running.Gateway.Url.ToString(),
            ["AIORLEANS_KEY"] = TestConfig.Key,
            ["AIORLEANS_MODEL"] = "chat",
        });

        await AssertBilledAsync(running, batches: 2);
    }

    [Fact]
    public async Task The_client_for_dotnet()
    {
        await using ObjectsGateway running = await ObjectsGateway.StartAsync();
        var options = new OpenAIClientOptions { Endpoint = new Uri(running.Gateway.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) };
        var files = new OpenAIFileClient(new ApiKeyCredential(TestConfig.Key), options);
        var batches = new BatchClient(new ApiKeyCredential(TestConfig.Key), new BatchClientOptions { Endpoint = options.Endpoint, RetryPolicy = options.RetryPolicy });

        OpenAIFile input = await files.UploadFileAsync(
            BinaryData.FromString($"{ObjectsGateway.Line("one", "Hello there")}\n{ObjectsGateway.Line("two", "Count to 5.")}"), "calls.jsonl", FileUploadPurpose.Batch);
        CreateBatchOperation batch = await batches.CreateBatchAsync(
            BinaryContent.Create(BinaryData.FromString($$"""{"input_file_id":"{{input.Id}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""")), waitUntilCompleted: false);
        JsonElement told = default;
        for (int looks = 0; looks < 10 && (looks == 0 || told.GetProperty("status").GetString() != "completed"); looks++)
        {
            told = JsonDocument.Parse((await batch.GetBatchAsync(options: null)).GetRawResponse().Content).RootElement;
        }

        string output = (await files.DownloadFileAsync(told.GetProperty("output_file_id").GetString())).Value.ToString();
        OpenAIFileCollection listed = await files.GetFilesAsync();
        FileDeletionResult deleted = await files.DeleteFileAsync(input.Id);

        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("1 2 3 4 5", output, StringComparison.Ordinal);
        Assert.Equal(2, listed.Count);
        Assert.True(deleted.Deleted);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => files.GetFileAsync(input.Id))).Status);
        await AssertBilledAsync(running, batches: 1);
    }

    private static async Task AssertBilledAsync(ObjectsGateway running, int batches)
    {
        await running.Gateway.AssertNothingHeldAsync();
        JsonElement[] charged = [.. (await running.Gateway.EventsAsync()).Where(e => e.GetProperty("operation").GetString() == "batches")];
        Assert.Equal(batches, charged.Length);
        Assert.All(charged, e => Assert.False(e.GetProperty("estimated").GetBoolean()));
        Assert.Equal(
            running.Provider.Invoice.Where(call => call.End == CallEnd.Whole).Sum(call => call.Usage.Total),
            charged.Sum(e => e.GetProperty("tokens").GetProperty("total").GetInt64()));
    }
}
