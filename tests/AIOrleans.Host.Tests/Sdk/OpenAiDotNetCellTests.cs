using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AIOrleans.Testing;
using AIOrleans.Testing.ModelServers;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>The unmodified OpenAI client for .NET in each cell: content, streams, tools, structured answers, embeddings, errors, aborts, retries.</summary>
public sealed class OpenAiDotNetCellTests
{
    private const string Weather = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    private const string Report = """
        {"type":"object","properties":{"summary":{"type":"string"},"score":{"type":"integer"}},"required":["summary","score"],"additionalProperties":false}
        """;

    public static TheoryData<string> Cells => ["direct", "openai", "azure-openai", "anthropic", "gemini", "bedrock"];

    public static TheoryData<string> EmbeddingCells => ["direct", "openai", "azure-openai", "gemini"];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task An_answer_holds_what_was_asked_and_its_exact_usage(string cell)
    {
        await using SdkCell running = await StartAsync(cell);

        ChatCompletion completion = await Client(running).CompleteChatAsync(
            new SystemChatMessage("Be kind."), new UserChatMessage("First"), new AssistantChatMessage("Second"), new UserChatMessage("Grüße 😀"));

        Assert.StartsWith("You said: Grüße 😀 | Instructions: Be kind. | Earlier: user said First; assistant said Second", completion.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, completion.FinishReason);
        Assert.Equal(6, completion.Usage.InputTokenCount);
        Assert.Equal(Words.Count(completion.Content[0].Text), completion.Usage.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_stream_is_the_same_answer_in_pieces(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        List<string> pieces = [];
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;

        await foreach (StreamingChatCompletionUpdate update in Client(running).CompleteChatStreamingAsync("Count to 20."))
        {
            pieces.AddRange(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(string.Join(' ', Enumerable.Range(1, 20)), string.Concat(pieces));
        Assert.True(pieces.Count > 10);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal((3, 20), (usage?.InputTokenCount, usage?.OutputTokenCount));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Tools_go_round_with_two_calls_at_once(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        var options = new ChatCompletionOptions { Tools = { Tool("get_weather"), Tool("get_time") } };
        List<ChatMessage> messages = [new UserChatMessage("""Use get_weather {"city":"Köln"} and get_time {"city":"Rom"} please""")];

        ChatCompletion first = await Client(running).CompleteChatAsync(messages, options);
        messages.Add(new AssistantChatMessage(first));
        messages.AddRange(first.ToolCalls.Select(call => new ToolChatMessage(call.Id, $"result {call.FunctionName}")));
        ChatCompletion second = await Client(running).CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal(["Köln", "Rom"], first.ToolCalls.Select(call => JsonDocument.Parse(call.FunctionArguments).RootElement.GetProperty("city").GetString()));
        Assert.StartsWith("Results: get_weather said result get_weather; get_time said result get_time", second.Content[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Streamed_tool_calls_put_together_are_the_same(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        var options = new ChatCompletionOptions { Tools = { Tool("get_weather") } };
        SortedDictionary<int, string> arguments = [];

        await foreach (StreamingChatCompletionUpdate update in Client(running).CompleteChatStreamingAsync(
            [new UserChatMessage("""get_weather {"city":"Köln"} get_weather {"city":"Rom"}""")], options))
        {
            foreach (StreamingChatToolCallUpdate piece in update.ToolCallUpdates)
            {
                arguments[piece.Index] = arguments.GetValueOrDefault(piece.Index) + piece.FunctionArgumentsUpdate;
            }
        }

        Assert.Equal(["Köln", "Rom"], arguments.Values.Select(text => JsonDocument.Parse(text).RootElement.GetProperty("city").GetString()));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_structured_answer_follows_its_schema(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("report", BinaryData.FromString(Report), jsonSchemaIsStrict: true),
        };

        ChatCompletion completion = await Client(running).CompleteChatAsync([new UserChatMessage("Tell me")], options);

        JsonElement report = JsonDocument.Parse(completion.Content[0].Text).RootElement;
        Assert.Equal(("Tell me", 7), (report.GetProperty("summary").GetString(), report.GetProperty("score").GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Images_arrive_whole(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        byte[] image = [.. Enumerable.Range(0, 200).Select(number => (byte)number)];

        ChatCompletion completion = await Client(running).CompleteChatAsync(new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("Look"), ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(image), "image/png")));

        Assert.StartsWith("You said: Look | Attached: image/png 200 bytes", completion.Content[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task The_client_retries_what_failed_once(string cell)
    {
        await using SdkCell running = await StartAsync(cell);

        ChatCompletion completion = await Client(running, fault: ".once-503").CompleteChatAsync("Hello");

        Assert.StartsWith("You said: Hello", completion.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal([503, 200], (await running.Provider.WhenBilledAsync(2)).Select(call => call.Status));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Errors_are_typed(string cell)
    {
        await using SdkCell running = await StartAsync(cell);

        Assert.Equal(401, await StatusOfAsync(new ChatClient(running.Names.Chat, new ApiKeyCredential("sk-wrong"), OptionsFor(running))));
        Assert.Equal(404, await StatusOfAsync(new ChatClient("no-such", new ApiKeyCredential(running.Key), OptionsFor(running))));
        Assert.Equal(400, await StatusOfAsync(Client(running, fault: ".fault-400")));
        Assert.InRange(await StatusOfAsync(Client(running, fault: ".fault-500", retries: 0)), 500, 502);
        Assert.Contains(await StatusOfAsync(Client(running, fault: ".fault-429", retries: 0)), (int[])[429, 503]);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_stream_that_breaks_never_looks_whole(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        string text = "";
        ChatFinishReason? finish = null;

        try
        {
            await foreach (StreamingChatCompletionUpdate update in Client(running, fault: ".fault-resets").CompleteChatStreamingAsync("Count to 40."))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
                finish = update.FinishReason ?? finish;
            }
        }
        catch (Exception exception) when (exception is IOException or ClientResultException)
        {
            // This client sees a connection that breaks, but not an error event: then it is the reason that is missing.
        }

        Assert.StartsWith("1 2 3", text, StringComparison.Ordinal);
        Assert.Null(finish);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task An_aborted_stream_lets_the_provider_go(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        using CancellationTokenSource abort = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate _ in Client(running, fault: ".fault-crawls").CompleteChatStreamingAsync([new UserChatMessage("Count to 500.")], null, abort.Token))
            {
                await abort.CancelAsync();
            }
        });

        BilledCall call = Assert.Single(await running.Provider.WhenBilledAsync(1));
        Assert.True(call.HungUp);
    }

    [Theory]
    [MemberData(nameof(EmbeddingCells))]
    public async Task Embeddings_come_in_base64_and_are_numbers(string cell)
    {
        await using SdkCell running = await StartAsync(cell);
        var client = new EmbeddingClient(running.Names.Embedder, new ApiKeyCredential(running.Key), OptionsFor(running));

        OpenAIEmbeddingCollection embeddings = await client.GenerateEmbeddingsAsync(["one text", "another much longer text"], new EmbeddingGenerationOptions { Dimensions = 16 });

        Assert.Equal([16, 16], embeddings.Select(embedding => embedding.ToFloats().Length));
        Assert.All(embeddings, embedding => Assert.Equal(1, embedding.ToFloats().ToArray().Sum(number => number * number), 3));
        if (cell != "gemini")
        {
            // Google tells no usage and has no base64, which the gateway writes for this client.
            Assert.Equal(6, embeddings.Usage.InputTokenCount);
            Assert.Contains("base64", Assert.Single(running.Provider.Requests).Text, StringComparison.Ordinal);
        }
    }

    private static Task<SdkCell> StartAsync(string cell) => cell switch
    {
        "direct" => SdkCell.StartDirectAsync(ModelWire.OpenAi),
        "openai" => SdkCell.StartGatewayAsync(ModelWire.OpenAi),
        "azure-openai" => SdkCell.StartGatewayAsync(ModelWire.AzureOpenAi),
        "anthropic" => SdkCell.StartGatewayAsync(ModelWire.Anthropic),
        "gemini" => SdkCell.StartGatewayAsync(ModelWire.Gemini),
        "bedrock" => SdkCell.StartGatewayAsync(ModelWire.Bedrock),
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "No such cell."),
    };

    private static ChatClient Client(SdkCell cell, string fault = "", int retries = 3) => new(cell.Names.Chat + fault, new ApiKeyCredential(cell.Key), OptionsFor(cell, retries));

    private static OpenAIClientOptions OptionsFor(SdkCell cell, int retries = 3) =>
        new() { Endpoint = new Uri(cell.Url, "/v1"), RetryPolicy = new ClientRetryPolicy(retries) };

    private static ChatTool Tool(string name) => ChatTool.CreateFunctionTool(name, $"Tells by {name}", BinaryData.FromString(Weather));

    private static async Task<int> StatusOfAsync(ChatClient client) =>
        (await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync("Hello"))).Status;
}
