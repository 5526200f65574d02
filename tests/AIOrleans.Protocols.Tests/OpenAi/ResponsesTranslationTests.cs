using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using AIOrleans.Protocols.OpenAi.Responses;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tests.Translation;

namespace AIOrleans.Protocols.Tests.OpenAi;

/// <summary>Clients of <c>POST /v1/responses</c> at providers that speak something else.</summary>
public sealed class ResponsesTranslationTests
{
    private static readonly AnswerFrame Frame = new("resp_1", "alias", DateTimeOffset.UnixEpoch);

    [Fact]
    public void Repeats_to_the_client_what_it_asked()
    {
        CanonicalRequest asked = Read("""
            {"model":"alias","input":"Hi","instructions":"Be\nbrief.","max_output_tokens":9,"temperature":0.5,"top_p":0.9,"parallel_tool_calls":false,"user":"u","metadata":{"a":
             "b"},"reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":
             "object"},"strict":true}},"tool_choice":{"type":"function","name":"f"},"tools":[{"type":"function","name":"f","description":"d","parameters":{"type":
             "object"},"strict":false}]}
            """);
        CanonicalAnswer answer = new("id-1", "up", [new ChatChoice(0, [new ChatPart.Text("Hi")], StopReason.EndTurn)], null) { Service = ServiceTier.Standard };
        JsonNode? body = JsonNode.Parse(AnswerTranslator.Write(answer, WireFormat.OpenAiResponses, Frame with { Request = asked }).Span);
        Assert.Equal(("Be\nbrief.", 9, 0.5, 0.9), ((string?)body?["instructions"], (int?)body?["max_output_tokens"], (double?)body?["temperature"], (double?)body?["top_p"]));
        Assert.Equal(("u", false, "default", false), ((string?)body?["user"], (bool?)body?["parallel_tool_calls"], (string?)body?["service_tier"], (bool?)body?["store"]));
        Assert.Equal("""{"a":"b"}""", body?["metadata"]?.ToJsonString());
        Assert.Equal("""{"effort":"low","summary":"auto"}""", body?["reasoning"]?.ToJsonString());
        Assert.Equal(
            """{"format":{"type":"json_schema","name":"n","description":null,"schema":{"type":"object"},"strict":true},"verbosity":"low"}""", body?["text"]?.ToJsonString());
        Assert.Equal("""{"type":"function","name":"f"}""", body?["tool_choice"]?.ToJsonString());
        Assert.Equal("""[{"type":"function","name":"f","description":"d","parameters":{"type":"object"},"strict":false}]""", body?["tools"]?.ToJsonString());
        Assert.Equal(("completed", "id-1", "up"), ((string?)body?["status"], (string?)body?["id"], (string?)body?["model"]));

        // Events are lines: what is repeated in them has no line ends.
        byte[] stream = Translate("""{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""", Frame with { Request = asked }, out StreamStep last);
        Assert.Equal(StreamStep.Done, last);
        new ResponsesGrammar().Check(stream, isWhole: true);
    }

    [Theory]
    [InlineData(StopReason.EndTurn, false, "completed", null)]
    [InlineData(StopReason.ToolUse, false, "completed", null)]
    [InlineData(StopReason.MaxTokens, false, "incomplete", "max_output_tokens")]
    [InlineData(StopReason.Refusal, false, "incomplete", "content_filter")]
    [InlineData(StopReason.Refusal, true, "completed", null)]
    [InlineData(StopReason.Failed, false, "failed", null)]
    public void Tells_how_the_answer_stands(StopReason stop, bool inWords, string status, string? reason)
    {
        ChatPart said = inWords ? new ChatPart.Refusal("No.") : new ChatPart.Text("Hi");
        CanonicalAnswer answer = new(null, null, [new ChatChoice(0, [new ChatPart.Text("First."), new ChatPart.ToolCall("c", "f", ""), said], stop)], new TokenUsage { UncachedInput = 3, CacheRead = 1, Output = 2, Reasoning = 1 });
        JsonNode? body = JsonNode.Parse(AnswerTranslator.Write(answer, WireFormat.OpenAiResponses, Frame).Span);
        Assert.Equal((status, reason, "resp_1"), ((string?)body?["status"], (string?)body?["incomplete_details"]?["reason"], (string?)body?["id"]));
        Assert.Equal(status == "failed", body?["error"] is not null);
        Assert.Equal(["completed", "completed", status == "completed" ? "completed" : "incomplete"], body?["output"]?.AsArray().Select(item => (string?)item?["status"]));
        Assert.Equal("{}", (string?)body?["output"]?[1]?["arguments"]);
        Assert.Equal(
            """{"input_tokens":4,"input_tokens_details":{"cached_tokens":1},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":6}""",
            body?["usage"]?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"thinking","thinking":"They greet.","signature":"c2ln"}""", WireFormat.Anthropic)]
    [InlineData("""{"type":"redacted_thinking","data":"ZW5j"}""", WireFormat.Anthropic)]
    public void Thoughts_of_Anthropic_come_back_as_they_were(string block, WireFormat provider)
    {
        string body = $$$"""{"id":"m","model":"up","content":[{{{block}}},{"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}""";
        JsonNode? written = Again(body, provider, WireFormat.Anthropic);
        Assert.Equal(JsonNode.Parse(block)?.ToJsonString(), written?["messages"]?[0]?["content"]?[0]?.ToJsonString());
        Assert.Equal("tool_use", (string?)written?["messages"]?[0]?["content"]?[1]?["type"]);
    }

    [Fact]
    public void Signatures_of_Gemini_come_back_with_their_call_and_go_to_nobody_else()
    {
        const string Body = """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}]}""";
        Assert.Equal("c2ln", (string?)Again(Body, WireFormat.Gemini, WireFormat.Gemini)?["contents"]?[0]?["parts"]?[0]?["thoughtSignature"]);
        Assert.DoesNotContain("c2ln", Again(Body, WireFormat.Gemini, WireFormat.Anthropic)?.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_items_are_short_and_differ()
    {
        CanonicalAnswer answer = new(new string('é', 300), "up", [new ChatChoice(0, [new ChatPart.Thinking("a"), new ChatPart.Text("b"), new ChatPart.ToolCall("c", "f", "{}")], StopReason.EndTurn)], null);
        ReadOnlyMemory<byte> body = AnswerTranslator.Write(answer, WireFormat.OpenAiResponses, Frame);
        Assert.True(ResponsesGrammar.IsAnswer(body));
        string[] ids = [.. JsonNode.Parse(body.Span)?["output"]?.AsArray().Select(item => (string?)item?["id"] ?? "") ?? []];
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(id.All(char.IsAscii)));
    }

    [Fact]
    public void An_error_ends_a_stream_that_has_begun_in_both_ways_that_clients_look_for()
    {
        ArrayBufferWriter<byte> output = new();
        StreamTranslator translator = new(WireFormat.OpenAiChat, WireFormat.OpenAiResponses, Frame, output);
        Feed(translator, """{"id":"id-1","model":"up","choices":[{"index":0,"delta":{"content":"a"}}]}""");
        JsonNode?[] events = EndOf(translator, output);
        Assert.Equal(("error", 5, "slow", "m"), ((string?)events[0]?["type"], (int?)events[0]?["sequence_number"], (string?)events[0]?["code"], (string?)events[0]?["error"]?["message"]));
        Assert.Equal(("response.failed", 6, "failed", "id-1"), ((string?)events[1]?["type"], (int?)events[1]?["sequence_number"], (string?)events[1]?["response"]?["status"], (string?)events[1]?["response"]?["id"]));
        Assert.Equal("""{"code":"slow","message":"m"}""", events[1]?["response"]?["error"]?.ToJsonString());
    }

    [Fact]
    public void An_error_before_the_first_event_stands_alone()
    {
        ArrayBufferWriter<byte> output = new();
        JsonNode?[] events = EndOf(new StreamTranslator(WireFormat.OpenAiChat, WireFormat.OpenAiResponses, Frame, output), output);
        Assert.Equal(("error", 0), ((string?)events.Single()?["type"], (int?)events.Single()?["sequence_number"]));
    }

    [Fact]
    public void An_error_goes_on_counting_in_a_stream_that_passes()
    {
        IStreamMeter meter = AnswerReader.MeterOf(WireFormat.OpenAiResponses, usageAsked: false);
        Feed(meter, """{"type":"response.created","sequence_number":0,"response":{"id":"resp_9","model":"up"}}""", """{"type":"response.output_text.delta","sequence_number":7,"delta":"a"}""");
        JsonNode?[] events = EndOf(meter, new ArrayBufferWriter<byte>());
        Assert.Equal((8, 9, "resp_9"), ((int?)events[0]?["sequence_number"], (int?)events[1]?["sequence_number"], (string?)events[1]?["response"]?["id"]));
    }

    [Fact]
    public void Does_not_gather_without_end()
    {
        StreamTranslator translator = new(WireFormat.OpenAiChat, WireFormat.OpenAiResponses, Frame, new ArrayBufferWriter<byte>());
        string piece = $$$"""{"choices":[{"index":0,"delta":{"content":"{{{new string('x', 1024 * 1024)}}}"}}]}""";
        Assert.Equal(StreamStep.Garbage, FeedUntilBad(translator, piece, 16, out int taken));
        Assert.Equal(15, taken);
    }

    [Fact]
    public void Calls_that_wait_for_another_are_bounded()
    {
        StreamTranslator translator = new(WireFormat.OpenAiChat, WireFormat.Anthropic, Frame, new ArrayBufferWriter<byte>());
        Feed(translator, """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]}}]}""");
        string piece = $$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{{{new string('x', 1024 * 1024)}}}"}}]}}]}""";
        Assert.Equal(StreamStep.Garbage, FeedUntilBad(translator, piece, 5, out int taken));
        Assert.Equal(3, taken);
    }

    /// <summary>An answer given to a client of responses, sent back as input to a provider.</summary>
    private static JsonNode? Again(string answer, WireFormat provider, WireFormat next)
    {
        CanonicalAnswer? read = AnswerTranslator.TryRead(Encoding.UTF8.GetBytes(answer), provider);
        Assert.NotNull(read);
        JsonNode? given = JsonNode.Parse(AnswerTranslator.Write(read, WireFormat.OpenAiResponses, Frame).Span);
        CanonicalRequest request = Read($$"""{"model":"alias","input":{{given?["output"]?.ToJsonString()}}}""");
        (TranslatedRequest? written, RequestMistake? mistake) = RequestTranslator.Write(request, next, new UpstreamShape("up"));
        Assert.Null(mistake?.Message);
        Assert.NotNull(written);
        return JsonNode.Parse(written.Body.Span);
    }

    private static CanonicalRequest Read(string body)
    {
        (CanonicalRequest? request, RequestMistake? mistake) = RequestTranslator.Read(Encoding.UTF8.GetBytes(body), WireFormat.OpenAiResponses);
        Assert.Null(mistake?.Message);
        Assert.NotNull(request);
        return request;
    }

    private static byte[] Translate(string data, AnswerFrame frame, out StreamStep last)
    {
        ArrayBufferWriter<byte> output = new();
        StreamTranslator translator = new(WireFormat.OpenAiChat, WireFormat.OpenAiResponses, frame, output);
        last = Feed(translator, data, "[DONE]");
        return output.WrittenSpan.ToArray();
    }

    private static StreamStep FeedUntilBad(IStreamMeter meter, string data, int times, out int taken)
    {
        StreamStep last = StreamStep.Forward;
        for (taken = 0; taken < times && last == StreamStep.Forward; taken++)
        {
            last = Feed(meter, data);
        }

        taken -= last == StreamStep.Forward ? 0 : 1;
        return last;
    }

    private static StreamStep Feed(IStreamMeter meter, params string[] events)
    {
        using SseReader reader = new(4 * 1024 * 1024);
        reader.Append(Encoding.UTF8.GetBytes(string.Concat(events.Select(data => $"data: {data}\n\n"))));
        StreamStep last = StreamStep.Forward;
        while (reader.TryRead(out SseEvent next))
        {
            last = meter.Read(next);
        }

        return last;
    }

    private static JsonNode?[] EndOf(IStreamMeter meter, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        ResponsesDenied.WriteEnd(output, DeniedCall.Of(ErrorKind.Timeout, "m", "slow", "r"), meter, Frame);
        using SseReader reader = new();
        reader.Append(output.WrittenSpan);
        List<JsonNode?> events = [];
        while (reader.TryRead(out SseEvent next))
        {
            events.Add(JsonNode.Parse(next.Data.Span));
        }

        return [.. events];
    }
}
