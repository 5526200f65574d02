using System.Text;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.OpenAi;

/// <summary>Responses, legacy completions and embeddings as they are read and metered.</summary>
public sealed class OtherEndpointsTests
{
    [Fact]
    public void Reads_a_responses_call()
    {
        CallFacts call = Read(WireFormat.OpenAiResponses, """
            {"model":"gpt","instructions":"é","stream":true,"max_output_tokens":9,"service_tier":"flex","input":[
              {"role":"user","content":[{"type":"input_text","text":"four"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
              {"type":"function_call_output","call_id":"c","output":"two"}],"tools":[{"type":"function","name":"f"}]}
            """);
        Assert.Equal(("gpt", true, 9L, 2, 1), (call.Model, call.Stream, call.MaxOutputTokens, call.MessageCount, call.ImageCount));
        Assert.Equal((2L + 4 + 3, false, ServiceTier.Flex), (call.TextBytes, call.ReadsMore, call.Service));
        Assert.Equal(call.Body.Length - "data:image/png;base64,AAAA".Length, call.InputBytes);
        Assert.Contains("\"model\":\"up\"", Encoding.UTF8.GetString(CallPatch.Apply(call, "up").Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"")]
    [InlineData("\"conversation\":\"c\"")]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]")]
    [InlineData("\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]")]
    public void Does_not_bound_what_the_provider_has_already(string member) => Assert.True(Read(WireFormat.OpenAiResponses, $$"""{"model":"m",{{member}}}""").ReadsMore);

    [Theory]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m","prompt":"four","n":3,"max_tokens":7}""", 3, 7, 4, 1)]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m","prompt":["a","bc"],"n":2,"best_of":5}""", 10, null, 3, 2)]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m","prompt":[1,2,3]}""", 1, null, 0, 1)]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m","prompt":[[1,2],[3]]}""", 2, null, 0, 2)]
    [InlineData(WireFormat.OpenAiEmbeddings, """{"model":"m","input":["a","bc"]}""", 1, 0, 3, 2)]
    public void Reads_prompts_of_every_form(WireFormat format, string body, int answers, int? max, long textBytes, int inputs)
    {
        CallFacts call = Read(format, body);
        Assert.Equal((answers, (long?)max, textBytes), (call.N, call.MaxOutputTokens, call.TextBytes));
        Assert.Equal((call.Body.Length, inputs), (call.InputBytes, call.Inputs));
    }

    [Fact]
    public void Sizes_holds_by_service_tier_and_by_the_number_of_inputs()
    {
        CallFacts call = Read(WireFormat.OpenAiEmbeddings, """{"model":"m","input":["a","bc"],"service_tier":"flex"}""");
        Assert.Equal(new CallShape(call.InputBytes, 0, ReadsMore: false, 0, 1, ServiceTier.Flex, Inputs: 2), call.ToShape());
    }

    [Theory]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m"}""", "prompt")]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m","prompt":[]}""", "prompt")]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m","prompt":"a","best_of":129}""", "n")]
    [InlineData(WireFormat.OpenAiCompletions, """{"model":"m","prompt":{}}""", "prompt")]
    [InlineData(WireFormat.OpenAiEmbeddings, """{"model":"m"}""", "input")]
    [InlineData(WireFormat.OpenAiEmbeddings, """{"input":"a"}""", "model")]
    [InlineData(WireFormat.OpenAiResponses, """{"model":"m","input":"a","background":true}""", "background")]
    [InlineData(WireFormat.OpenAiResponses, """{"model":"m","input":"a","max_output_tokens":0}""", "max_output_tokens")]
    [InlineData(WireFormat.OpenAiResponses, """{"model":"m","input":7}""", "input")]
    public void Says_what_is_wrong(WireFormat format, string body, string param) => Assert.Equal(param, CallReader.Read(Encoding.UTF8.GetBytes(body), format).Mistake?.Param);

    [Fact]
    public void Asks_streams_of_completions_for_usage() =>
        Assert.Equal(
            """{"model":"up","stream_options":{"include_usage":true},"prompt":"a","stream":true}""",
            Encoding.UTF8.GetString(CallPatch.Apply(Read(WireFormat.OpenAiCompletions, """{"model":"m","prompt":"a","stream":true}"""), "up").Span));

    [Fact]
    public void Reads_answers()
    {
        ChatAnswer? response = Answer(WireFormat.OpenAiResponses, """
            {"id":"resp_1","model":"up","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"service_tier":"default","output":[
              {"type":"reasoning","summary":[{"type":"summary_text","text":"abc"}]},{"type":"message","content":[{"type":"output_text","text":"é"}]},
              {"type":"function_call","name":"f","arguments":"{}"}],
             "usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":30},"output_tokens":40,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":140}}
            """);
        TokenUsage usage = new() { UncachedInput = 70, CacheRead = 30, Output = 40, Reasoning = 20 };
        Assert.Equal(new ChatAnswer("resp_1", "up", "max_output_tokens", usage, ServiceTier.Standard, 3 + 2 + 1 + 2, 0), response);

        ChatAnswer? vectors = Answer(WireFormat.OpenAiEmbeddings, """{"object":"list","data":[{"embedding":[0.1,0.2]}],"model":"up","usage":{"prompt_tokens":8,"total_tokens":8}}""");
        Assert.Equal(new ChatAnswer(null, "up", null, new TokenUsage { UncachedInput = 8 }, null, 0, 0), vectors);

        ChatAnswer? text = Answer(WireFormat.OpenAiCompletions, """{"id":"c","model":"up","choices":[{"text":"abc","finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""");
        Assert.Equal(("length", 3L, 2L), (text?.FinishReason, text?.OutputBytes, text?.Usage?.Output));
    }

    [Theory]
    [InlineData(WireFormat.OpenAiResponses, """{"error":{"message":"m"},"output":[]}""")]
    [InlineData(WireFormat.OpenAiResponses, "{}")]
    [InlineData(WireFormat.OpenAiEmbeddings, """{"error":{"message":"m"}}""")]
    [InlineData(WireFormat.OpenAiEmbeddings, """{"data":[0.1""")]
    public void Refuses_what_is_no_answer(WireFormat format, string body) => Assert.Null(Answer(format, body));

    [Fact]
    public void Meters_a_stream_of_responses()
    {
        IStreamMeter meter = AnswerReader.MeterOf(WireFormat.OpenAiResponses, usageAsked: false);
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"type":"response.created","response":{"id":"resp_1","model":"up","usage":null}}"""));
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"type":"response.output_text.delta","delta":"é","sequence_number":4}"""));
        Assert.Equal(StreamStep.Forward, Feed(meter, """{"type":"response.something_new"}"""));
        Assert.Equal(StreamStep.Garbage, meter.End());
        Assert.Equal(StreamStep.Done, Feed(meter, """{"type":"response.completed","response":{"id":"resp_1","status":"completed","usage":{"input_tokens":5,"output_tokens":2}}}"""));
        Assert.Equal(("resp_1", "up", "completed", 2L, 1), (meter.Id, meter.Model, meter.FinishReason, meter.OutputBytes, meter.OutputDeltas));
        Assert.Equal((new TokenUsage { UncachedInput = 5, Output = 2 }, true), (meter.Usage, meter.IsDone));
    }

    [Theory]
    [InlineData("""{"type":"error","code":"rate_limit_exceeded","message":"m","param":null,"sequence_number":1}""", ErrorKind.RateLimit)]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error","message":"m"}}}""", ErrorKind.Internal)]
    public void Recognises_an_error_of_the_provider(string data, ErrorKind kind)
    {
        IStreamMeter meter = AnswerReader.MeterOf(WireFormat.OpenAiResponses, usageAsked: false);
        Assert.Equal(StreamStep.Failed, Feed(meter, data));
        Assert.Equal((kind, "m"), (meter.Error?.Kind, meter.Error?.Message));
    }

    [Fact]
    public void Is_translated_to_chat_and_never_from_it()
    {
        foreach (WireFormat chat in (WireFormat[])[WireFormat.OpenAiChat, WireFormat.Anthropic, WireFormat.Gemini])
        {
            foreach (WireFormat client in (WireFormat[])[WireFormat.OpenAiResponses, WireFormat.OpenAiCompletions])
            {
                Assert.True(RequestTranslator.CanTranslate(client, chat));
                Assert.False(RequestTranslator.CanTranslate(chat, client));
            }

            Assert.False(RequestTranslator.CanTranslate(WireFormat.OpenAiEmbeddings, chat));
            Assert.False(RequestTranslator.CanTranslate(chat, WireFormat.GeminiEmbeddings));
        }

        Assert.False(RequestTranslator.CanTranslate(WireFormat.OpenAiResponses, WireFormat.OpenAiResponses));
        Assert.False(RequestTranslator.CanTranslate(WireFormat.OpenAiResponses, WireFormat.OpenAiCompletions));
    }

    private static ChatAnswer? Answer(WireFormat format, string body) => AnswerReader.TryRead(Encoding.UTF8.GetBytes(body), format);

    private static CallFacts Read(WireFormat format, string body)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Encoding.UTF8.GetBytes(body), format);
        Assert.Null(mistake?.Message);
        Assert.NotNull(call);
        return call;
    }

    private static StreamStep Feed(IStreamMeter meter, string data)
    {
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        Assert.True(reader.TryRead(out SseEvent next));
        return meter.Read(next);
    }
}
