using System.Globalization;
using System.Text.Json;

namespace AIOrleans.Testing;

/// <summary>Genuine-looking bodies of the chat completions API.</summary>
public static class ChatSamples
{
    /// <summary>A request of one user message.</summary>
    public static string Request(string model = "up-model", bool stream = false, string content = "Hello") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{JsonSerializer.Serialize(content)}}}]{{(stream ? ",\"stream\":true" : "")}}}""";

    /// <summary>A complete answer with its usage.</summary>
    public static string Answer(string content = "Hi there", int promptTokens = 9, int completionTokens = 2) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"up-model-0613","choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(content)}}}},"finish_reason":"stop"}],"usage":{{{Usage(promptTokens, completionTokens)}}}}
        """);

    /// <summary>Data of a whole stream: role, one chunk a word, finish, usage, <c>[DONE]</c>.</summary>
    public static string[] Stream(params string[] words) =>
        [Chunk("\"role\":\"assistant\",\"content\":\"\""), .. words.Select(Word), Finish, UsageChunk(9, words.Length), "[DONE]"];

    /// <summary>The chunk of one word.</summary>
    public static string Word(string word) => Chunk($"\"content\":{JsonSerializer.Serialize(word)}");

    /// <summary>The last chunk with a choice.</summary>
    public static string Finish { get; } = Chunk("").Replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"", StringComparison.Ordinal);

    /// <summary>The chunk that brings the usage and no choice.</summary>
    public static string UsageChunk(int promptTokens, int completionTokens) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"up-model-0613","choices":[],"usage":{{Usage(promptTokens, completionTokens)}}}""";

    /// <summary>An error body.</summary>
    public static string Error(string message, string type = "server_error", string code = "null") =>
        $$$"""{"error":{"message":{{{JsonSerializer.Serialize(message)}}},"type":"{{{type}}}","param":null,"code":{{{code}}}}}""";

    private static string Chunk(string delta) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"up-model-0613","choices":[{"index":0,"delta":{ {{delta}} },"finish_reason":null}],"usage":null}""";

    private static string Usage(int promptTokens, int completionTokens) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"prompt_tokens":{{promptTokens}},"completion_tokens":{{completionTokens}},"total_tokens":{{promptTokens + completionTokens}}}""");
}
