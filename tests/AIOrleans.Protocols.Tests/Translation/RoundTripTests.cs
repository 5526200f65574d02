using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>What a writer writes, the reader of its protocol understands as it was meant.</summary>
public sealed class RoundTripTests
{
    private const int RoundCount = 2_000;

    private static readonly AnswerFrame Frame = new("id", "alias", DateTimeOffset.UnixEpoch, IncludeUsage: true);

    public static TheoryData<WireFormat> Formats => [.. MatrixCase.OfBothSides];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Requests_keep_their_meaning(WireFormat format)
    {
        Random random = new(17);
        for (int round = 0; round < RoundCount; round++)
        {
            CanonicalRequest request = RandomRequests.Next(random);
            (TranslatedRequest? written, RequestMistake? mistake) = RequestTranslator.Write(request, format, new UpstreamShape("alias"));
            Assert.Null(mistake?.Message);
            Assert.NotNull(written);
            (CanonicalRequest? read, mistake) = RequestTranslator.Read(written.Body, format, new CallAddress("alias", Stream: false));
            Assert.Null(mistake?.Message);
            Assert.NotNull(read);
            Assert.Equal(RandomRequests.Meaning(request), RandomRequests.Meaning(read));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answers_keep_their_meaning(WireFormat format)
    {
        Random random = new(18);
        for (int round = 0; round < RoundCount; round++)
        {
            CanonicalAnswer answer = Answer(random);
            CanonicalAnswer? read = AnswerTranslator.TryRead(AnswerTranslator.Write(answer, format, Frame), format);
            Assert.NotNull(read);
            Assert.Equal((answer.Id, answer.Model, answer.Usage), (read.Id, read.Model, read.Usage));
            Assert.Equal(answer.Choices[0].Stop, read.Choices[0].Stop);
            Assert.Equal(answer.Choices[0].Parts.Select(part => part with { Path = "" }), read.Choices[0].Parts.Select(part => part with { Path = "" }));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Streams_keep_their_meaning_through_any_other_protocol(WireFormat through)
    {
        Random random = new(19);
        foreach (WireFormat format in MatrixCase.OfBothSides.Where(one => one != through))
        {
            for (int round = 0; round < RoundCount / 10; round++)
            {
                byte[] stream = OpenAiStream(random);
                string direct = Heard(Translate(stream, WireFormat.OpenAiChat, format), format);
                byte[] between = through == WireFormat.OpenAiChat ? stream : Translate(stream, WireFormat.OpenAiChat, through);
                Assert.Equal(direct, Heard(Translate(between, through, format), format));
            }
        }
    }

    private static CanonicalAnswer Answer(Random random)
    {
        ImmutableArray<ChatPart>.Builder parts = ImmutableArray.CreateBuilder<ChatPart>();
        parts.Add(new ChatPart.Text("é\n\"👋\" " + random.Next(9)));
        for (int i = random.Next(3); i > 0; i--)
        {
            parts.Add(new ChatPart.ToolCall($"call_{i}", "f", "{\"q\":\"é\"}"));
        }

        StopReason stop = parts.Count > 1 ? StopReason.ToolUse : random.Next(3) switch { 0 => StopReason.EndTurn, 1 => StopReason.MaxTokens, _ => StopReason.Refusal };
        long output = random.Next(1, 1000);
        TokenUsage usage = new() { UncachedInput = random.Next(1, 1000), CacheRead = random.Next(1000), Output = output, Reasoning = random.NextInt64(output) };
        return new CanonicalAnswer("an-id", "a-model", [new ChatChoice(0, parts.ToImmutable(), stop)], usage);
    }

    private static byte[] OpenAiStream(Random random)
    {
        ArrayBufferWriter<byte> output = new();
        void Send(string choice) => output.Write(Encoding.UTF8.GetBytes(
            "data: {\"id\":\"an-id\",\"model\":\"a-model\",\"choices\":[{\"index\":0," + choice + "}]}\n\n"));
        for (int i = random.Next(3); i > 0; i--)
        {
            Send("\"delta\":{\"reasoning_content\":\"thought " + i + "\"}");
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            Send("\"delta\":{\"content\":\"é\\n " + i + "\"}");
        }

        int calls = random.Next(3);
        for (int i = 0; i < calls; i++)
        {
            Send($"\"delta\":{{\"tool_calls\":[{{\"index\":{i},\"id\":\"call_{i}\",\"function\":{{\"name\":\"f\",\"arguments\":\"{{\\\"a\\\":\"}}}}]}}");
            Send($"\"delta\":{{\"tool_calls\":[{{\"index\":{i},\"function\":{{\"arguments\":\"[1,2]}}\"}}}}]}}");
        }

        Send("\"delta\":{},\"finish_reason\":\"" + (calls > 0 ? "tool_calls" : "length") + "\"");
        output.Write("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}\n\ndata: [DONE]\n\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Translate(byte[] stream, WireFormat provider, WireFormat client)
    {
        if (provider == client)
        {
            return stream;
        }

        ArrayBufferWriter<byte> output = new();
        StreamTranslator translator = new(provider, client, Frame, output);
        using SseReader reader = new();
        reader.Append(stream);
        while (reader.TryRead(out SseEvent next))
        {
            Assert.NotEqual(StreamStep.Garbage, translator.Read(next));
        }

        Assert.Equal(StreamStep.Done, translator.End());
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What a client understands of a stream: its texts joined by part, whatever the pieces they came in.</summary>
    private static string Heard(byte[] stream, WireFormat format)
    {
        IStreamReader understanding = format switch
        {
            WireFormat.Anthropic => new Protocols.Anthropic.AnthropicStreamReader(),
            WireFormat.Gemini => new Protocols.Gemini.GeminiStreamReader(),
            _ => new Protocols.OpenAi.Translation.OpenAiStreamReader(),
        };
        List<ChatEvent> steps = [];
        using SseReader reader = new();
        reader.Append(stream);
        while (reader.TryRead(out SseEvent next))
        {
            understanding.Read(next, steps);
        }

        understanding.End(steps);
        StringBuilder heard = new();
        foreach (ChatEvent step in steps)
        {
            heard.Append(step switch
            {
                ChatEvent.PartBegun begun => $"[{begun.Kind} {begun.ToolId} {begun.ToolName}] ",
                ChatEvent.Grown grown => grown.Text,
                ChatEvent.Stopped stopped => $" {stopped.Reason}",
                ChatEvent.Metered metered => $" {metered.Usage.TotalInput}/{metered.Usage.TotalOutput}",
                _ => "",
            });
        }

        return heard.ToString();
    }
}
