using System.ClientModel;
using System.ClientModel.Primitives;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The unmodified OpenAI client for .NET against the gateway.</summary>
public sealed class OpenAiDotNetTests
{
    [Fact]
    public async Task Chat_answers()
    {
        await using RunningGateway gateway = await StartAsync();

        ChatCompletion completion = await ChatClientOf(gateway).CompleteChatAsync("Hello");

        Assert.NotEmpty(completion.Content[0].Text);
        Assert.True(completion.Usage.OutputTokenCount > 0);
    }

    [Fact]
    public async Task Chat_streams_with_usage()
    {
        await using RunningGateway gateway = await StartAsync();
        string text = "";
        ChatTokenUsage? usage = null;

        await foreach (StreamingChatCompletionUpdate update in ChatClientOf(gateway).CompleteChatStreamingAsync("Hello"))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.NotEmpty(text);
        Assert.True(usage?.OutputTokenCount > 0);
    }

    [Fact]
    public async Task Models_are_listed()
    {
        await using RunningGateway gateway = await StartAsync();

        OpenAIModelCollection models = await new OpenAIModelClient(new ApiKeyCredential(TestConfig.Key), OptionsFor(gateway)).GetModelsAsync();

        Assert.Contains(models, model => model.Id == "sim-1");
    }

    [Fact]
    public async Task Errors_are_typed()
    {
        await using RunningGateway gateway = await StartAsync();

        var wrongKey = new ChatClient("sim-1", new ApiKeyCredential("sk-wrong"), OptionsFor(gateway));
        Assert.Equal(401, (await Assert.ThrowsAsync<ClientResultException>(() => wrongKey.CompleteChatAsync("Hello"))).Status);
        var wrongModel = new ChatClient("no-such", new ApiKeyCredential(TestConfig.Key), OptionsFor(gateway));
        ClientResultException notFound = await Assert.ThrowsAsync<ClientResultException>(() => wrongModel.CompleteChatAsync("Hello"));
        Assert.Equal(404, notFound.Status);
        Assert.Contains("no-such", notFound.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limited_call_is_retried_by_the_client_and_succeeds()
    {
        await using RunningGateway gateway = await StartAsync("""{ "requestsPerMinute": 60, "requestBurst": 1 }""");
        ChatClient client = ChatClientOf(gateway);

        await client.CompleteChatAsync("First");
        ChatCompletion second = await client.CompleteChatAsync("Second, at once");

        Assert.NotEmpty(second.Content[0].Text);
        Assert.Equal(2, (await gateway.EventsAsync()).Count);
    }

    private static async Task<RunningGateway> StartAsync(string keyLimits = "{}") =>
        await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:9/v1"), limits: new Dictionary<string, string> { ["key"] = keyLimits }));

    private static ChatClient ChatClientOf(RunningGateway gateway) => new("sim-1", new ApiKeyCredential(TestConfig.Key), OptionsFor(gateway));

    private static OpenAIClientOptions OptionsFor(RunningGateway gateway) => new() { Endpoint = new Uri(gateway.Url, "/v1") };
}
