using System.Text.Json;

namespace AIOrleans.Host.Tests.Routes;

/// <summary>Checks what a client is told, by the words that it understands.</summary>
internal static class Told
{
    public static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? Assert.Single(values) : null;

    /// <summary>The shape of an error, its status and its type. Returns the inside of it.</summary>
    public static async Task<JsonElement> ErrorAsync(HttpResponseMessage response, ClientWords words, int status, string type)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        JsonElement body = JsonDocument.Parse(text).RootElement;
        JsonElement error = body.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("message").GetString() ?? "");
        switch (words)
        {
            case ClientWords.Anthropic:
                Assert.Equal("error", body.GetProperty("type").GetString());
                Assert.Equal(type, error.GetProperty("type").GetString());
                Assert.Equal(Header(response, "request-id"), body.GetProperty("request_id").GetString());
                break;
            case ClientWords.Gemini:
                Assert.Equal(status, error.GetProperty("code").GetInt32());
                Assert.Equal(type, error.GetProperty("status").GetString());
                Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", error.GetProperty("details")[0].GetProperty("@type").GetString());
                break;
            default:
                Assert.Equal(type, error.GetProperty("type").GetString());
                Assert.True(error.TryGetProperty("param", out _) && error.TryGetProperty("code", out _));
                break;
        }

        return error;
    }

    /// <summary>How many requests the tightest limit still lets through, in the client's own header.</summary>
    public static string? Remaining(HttpResponseMessage response, ClientWords words) =>
        Header(response, words == ClientWords.Anthropic ? "anthropic-ratelimit-requests-remaining" : "x-ratelimit-remaining-requests");

    /// <summary>Fails unless both headers tell a wait of at most so many seconds.</summary>
    public static void Wait(HttpResponseMessage response, int secondsMax)
    {
        Assert.InRange(int.Parse(Header(response, "retry-after") ?? "0"), 1, secondsMax);
        Assert.InRange(int.Parse(Header(response, "retry-after-ms") ?? "0"), 1, secondsMax * 1000);
    }

    /// <summary>Fails unless a whole answer stands there, with the numbers up to 100 for those that count.</summary>
    public static async Task AnswerAsync(HttpResponseMessage response, RouteCase route, bool streams)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(streams ? "text/event-stream" : "application/json", response.Content.Headers.ContentType?.MediaType);
        if (streams)
        {
            Assert.EndsWith(EndOf(route), text.ReplaceLineEndings("\n").TrimEnd() + "\n", StringComparison.Ordinal);
            Assert.DoesNotContain("\"error\":{", text, StringComparison.Ordinal);
        }
        else
        {
            JsonElement body = JsonDocument.Parse(text).RootElement;
            Assert.True(body.TryGetProperty(MemberOf(route), out _), text);
        }

        if (route.IsMetered && route.Alias != "embedder")
        {
            Assert.Contains("99", text, StringComparison.Ordinal);
            Assert.Contains("100", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Fails unless a stream began, and ended with an error in the client's words and without its end mark.</summary>
    public static async Task BrokenStreamAsync(HttpResponseMessage response, RouteCase route, string fault)
    {
        string text = (await response.Content.ReadAsStringAsync()).ReplaceLineEndings("\n");
        Assert.True(response.IsSuccessStatusCode, $"{fault}: {text}");
        string last = text.TrimEnd().Split("\n\n")[^1];
        (string begins, string holds, string endMark) = (route.Words, route.Name) switch
        {
            (ClientWords.Anthropic, _) => ("event: error\n", "\"error\":{\"type\":\"", "message_stop"),
            (ClientWords.Gemini, _) => ("data: {\"error\":{\"code\":", "\"status\":\"", "\"finishReason\""),
            (_, "responses") => ("event: response.failed\n", "\"status\":\"failed\"", "response.completed"),
            _ => ("data: {\"error\":{\"message\":", "\"type\":\"server_error\"", "[DONE]"),
        };
        Assert.StartsWith(begins, last, StringComparison.Ordinal);
        Assert.Contains(holds, last, StringComparison.Ordinal);
        Assert.DoesNotContain(endMark, text, StringComparison.Ordinal);
    }

    /// <summary>How a stream ends that is whole.</summary>
    private static string EndOf(RouteCase route) => (route.Words, route.Name) switch
    {
        (ClientWords.Anthropic, _) => "{\"type\":\"message_stop\"}\n",
        (ClientWords.Gemini, _) => "}\n",
        (_, "responses") => "}\n",
        _ => "data: [DONE]\n",
    };

    private static string MemberOf(RouteCase route) => (route.Words, route.Name) switch
    {
        (_, "count_tokens") => "input_tokens",
        (_, "countTokens") => "totalTokens",
        (_, "embeddings") => "data",
        (_, "responses") => "output",
        (ClientWords.Anthropic, _) => "content",
        (ClientWords.Gemini, _) => "candidates",
        _ => "choices",
    };
}
