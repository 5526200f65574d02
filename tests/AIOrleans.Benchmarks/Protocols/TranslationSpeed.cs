using System.Buffers;
using System.Globalization;
using System.Text;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Benchmarks.Protocols;

/// <summary>What translating costs one thread. The bars: a chat request of 100 kB in less than 1 ms, an event of a stream in less than 5 us.</summary>
public static class TranslationSpeed
{
    private const int BodyBytes = 100_000;

    /// <summary>The fastest slice counts, in processor time: others on the machine only make it slower.</summary>
    private const int SliceCount = 10;

    /// <summary>Events of one stream; short enough that none is longer than a long answer.</summary>
    internal const int EventCount = 500;

    /// <summary>Runs every measurement for <paramref name="duration"/>, after all of them were warmed up: compilers need a while, and work beside.</summary>
    public static IEnumerable<TranslationFigures> Run(TimeSpan duration, TimeProvider time)
    {
        byte[] chat = Chat();
        byte[] items = Items();
        byte[] events = OpenAiStream();
        byte[] message = Other(events, WireFormat.Anthropic);
        byte[] partial = Other(events, WireFormat.Gemini);
        (string What, Action Act, int PerCall)[] measurements =
        [
            ("100 kB chat request, OpenAI to Anthropic", () => Translate(chat, WireFormat.OpenAiChat, WireFormat.Anthropic), 1),
            ("100 kB chat request, OpenAI to Gemini", () => Translate(chat, WireFormat.OpenAiChat, WireFormat.Gemini), 1),
            ("100 kB responses request, to OpenAI chat", () => Translate(items, WireFormat.OpenAiResponses, WireFormat.OpenAiChat), 1),
            ("100 kB responses request, to Anthropic", () => Translate(items, WireFormat.OpenAiResponses, WireFormat.Anthropic), 1),
            ("100 kB chat request, facts only", () => CallReader.Read(chat, WireFormat.OpenAiChat), 1),
            ("event, OpenAI to Anthropic", () => Stream(events, WireFormat.OpenAiChat, WireFormat.Anthropic), EventCount),
            ("event, OpenAI to Gemini", () => Stream(events, WireFormat.OpenAiChat, WireFormat.Gemini), EventCount),
            ("event, Anthropic to OpenAI", () => Stream(message, WireFormat.Anthropic, WireFormat.OpenAiChat), EventCount),
            ("event, Gemini to OpenAI", () => Stream(partial, WireFormat.Gemini, WireFormat.OpenAiChat), EventCount),
            ("event, OpenAI to responses", () => Stream(events, WireFormat.OpenAiChat, WireFormat.OpenAiResponses), EventCount),
            ("event, Anthropic to responses", () => Stream(message, WireFormat.Anthropic, WireFormat.OpenAiResponses), EventCount),
            ("event, Anthropic passing", () => Meter(message, WireFormat.Anthropic), EventCount),
            ("event, Gemini passing", () => Meter(partial, WireFormat.Gemini), EventCount),
            ("event, OpenAI passing", () => Meter(events, WireFormat.OpenAiChat), EventCount),
        ];
        return Measure(measurements, duration, time);
    }

    /// <summary>Times each act once all of them are warm.</summary>
    internal static IEnumerable<TranslationFigures> Measure((string What, Action Act, int PerCall)[] measurements, TimeSpan duration, TimeProvider time)
    {
        foreach ((string _, Action act, int _) in measurements)
        {
            Repeat(act, duration, time);
        }

        return measurements.Select(one => Measure(one.What, one.Act, one.PerCall, duration, time));
    }

    private static TranslationFigures Measure(string what, Action act, int perCall, TimeSpan duration, TimeProvider time)
    {
        double best = double.MaxValue;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long calls = 0;
        for (int slice = 0; slice < SliceCount; slice++)
        {
            TimeSpan begun = Environment.CpuUsage.TotalTime;
            long made = Repeat(act, duration / SliceCount, time) * perCall;
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - begun).TotalMicroseconds / made);
            calls += made;
        }

        return new TranslationFigures(what, best, (GC.GetAllocatedBytesForCurrentThread() - before) / calls);
    }

    private static long Repeat(Action act, TimeSpan duration, TimeProvider time)
    {
        long begun = time.GetTimestamp();
        long calls = 0;
        do
        {
            act();
            calls++;
        }
        while (time.GetElapsedTime(begun) < duration);
        return calls;
    }

    internal static void Translate(byte[] body, WireFormat client, WireFormat provider)
    {
        CanonicalRequest request = RequestTranslator.Read(body, client).Request ?? throw new InvalidOperationException("The body is mistaken.");
        _ = RequestTranslator.Write(request, provider, new UpstreamShape("up")).Translated ?? throw new InvalidOperationException("The body does not cross.");
    }

    internal static void Stream(byte[] stream, WireFormat provider, WireFormat client)
    {
        ArrayBufferWriter<byte> output = new(4096);
        StreamTranslator translator = new(provider, client, Frame, output);
        using SseReader reader = new();
        reader.Append(stream);
        while (reader.TryRead(out SseEvent next))
        {
            translator.Read(next);
            output.ResetWrittenCount();
        }

        translator.End();
    }

    internal static void Meter(byte[] stream, WireFormat provider)
    {
        IStreamMeter meter = AnswerReader.MeterOf(provider, usageAsked: true);
        using SseReader reader = new();
        reader.Append(stream);
        while (reader.TryRead(out SseEvent next))
        {
            meter.Read(next);
        }
    }

    private static AnswerFrame Frame { get; } = new("id", "alias", DateTimeOffset.UnixEpoch);

    private static byte[] Other(byte[] events, WireFormat client)
    {
        ArrayBufferWriter<byte> output = new();
        StreamTranslator translator = new(WireFormat.OpenAiChat, client, Frame, output);
        using SseReader reader = new();
        reader.Append(events);
        while (reader.TryRead(out SseEvent next))
        {
            translator.Read(next);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>A conversation of an agent: ten tools, and turns with calls, results and text until it is large enough.</summary>
    internal static byte[] Chat()
    {
        StringBuilder body = new("""{"model":"alias","stream":true,"temperature":0.7,"tools":[""");
        body.AppendJoin(',', Enumerable.Range(0, 10).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"type":"function","function":{"name":"tool_{{{i}}}","description":"Does a thing","parameters":{"type":"object","properties":{"path":{"type":"string"}} } } }""")));
        body.Append("""],"messages":[{"role":"system","content":"You are an agent."}""");
        for (int turn = 0; body.Length < BodyBytes - 1000; turn++)
        {
            body.Append(CultureInfo.InvariantCulture, $$$"""
                ,{"role":"user","content":"Please look at file {{{turn}}}.\n\"Quoted\", and what it means."}
                ,{"role":"assistant","content":null,"tool_calls":[
                  {"id":"call_{{{turn}}}","type":"function","function":{"name":"tool_1","arguments":"{\"path\":\"{{{turn}}}.cs\"}"}}]}
                ,{"role":"tool","tool_call_id":"call_{{{turn}}}","content":"{{{new string('x', 600)}}}\n"}
                ,{"role":"assistant","content":"It holds a class and two methods."}
                """);
        }

        return Encoding.UTF8.GetBytes(body.Append(""",{"role":"user","content":"Thanks."}]}""").ToString());
    }

    /// <summary>The same conversation as items of a response.</summary>
    private static byte[] Items()
    {
        StringBuilder body = new("""{"model":"alias","stream":true,"store":false,"instructions":"You are an agent.","tools":[""");
        body.AppendJoin(',', Enumerable.Range(0, 10).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"type":"function","name":"tool_{{{i}}}","description":"Does a thing","parameters":{"type":"object","properties":{"path":{"type":"string"} } } }""")));
        body.Append("""],"input":[{"role":"user","content":"Begin."}""");
        for (int turn = 0; body.Length < BodyBytes - 1000; turn++)
        {
            body.Append(CultureInfo.InvariantCulture, $$$"""
                ,{"role":"user","content":[{"type":"input_text","text":"Please look at file {{{turn}}}.\n\"Quoted\", and what it means."}]}
                ,{"type":"reasoning","id":"rs_{{{turn}}}","summary":[{"type":"summary_text","text":"I read it."}],"encrypted_content":"anthropic#c2ln"}
                ,{"type":"function_call","id":"fc_{{{turn}}}","call_id":"call_{{{turn}}}","name":"tool_1","arguments":"{\"path\":\"{{{turn}}}.cs\"}"}
                ,{"type":"function_call_output","call_id":"call_{{{turn}}}","output":"{{{new string('x', 600)}}}\n"}
                ,{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It holds a class and two methods.","annotations":[]}]}
                """);
        }

        return Encoding.UTF8.GetBytes(body.Append(""",{"role":"user","content":"Thanks."}]}""").ToString());
    }

    internal static byte[] OpenAiStream()
    {
        const string Head = "data: {\"id\":\"chatcmpl-Bx81MnZ0kq7CgqZKYwGfA2rYQnC6b\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"up-1\",\"choices\":[{\"index\":0,";
        StringBuilder stream = new();
        for (int i = 0; i < EventCount - 2; i++)
        {
            stream.Append(Head).Append("\"delta\":{\"content\":\" token\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n");
        }

        return Encoding.UTF8.GetBytes(stream.Append(Head).Append("\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n").ToString());
    }
}

/// <summary>What <see cref="TranslationSpeed"/> measured.</summary>
public sealed record TranslationFigures(string What, double Microseconds, long AllocatedBytes)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}: {Microseconds:0.##} us, {AllocatedBytes:N0} bytes allocated");
}
