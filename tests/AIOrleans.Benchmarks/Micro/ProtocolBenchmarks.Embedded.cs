using AIOrleans.Benchmarks.Protocols;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using BenchmarkDotNet.Attributes;

namespace AIOrleans.Benchmarks.Micro;

/// <summary>What is done with the bytes of a call.</summary>
public class ProtocolBenchmarks
{
    private readonly byte[] chat = TranslationSpeed.Chat();
    private readonly byte[] stream = TranslationSpeed.OpenAiStream();

    /// <summary>A conversation of 100 kB, from OpenAI's protocol to Anthropic's.</summary>
    [Benchmark(Description = "translate_request_100kB")]
    public void TranslateRequest() => TranslationSpeed.Translate(chat, WireFormat.OpenAiChat, WireFormat.Anthropic);

    /// <summary>One event of a stream, between the same two.</summary>
    [Benchmark(Description = "translate_event", OperationsPerInvoke = TranslationSpeed.EventCount)]
    public void TranslateEvents() => TranslationSpeed.Stream(stream, WireFormat.OpenAiChat, WireFormat.Anthropic);

    /// <summary>One event that passes as bytes, its usage read on the way.</summary>
    [Benchmark(Description = "relay_event", OperationsPerInvoke = TranslationSpeed.EventCount)]
    public void RelayEvents() => TranslationSpeed.Meter(stream, WireFormat.OpenAiChat);

    /// <summary>What the gateway must know of a request of 100 kB that passes as bytes.</summary>
    [Benchmark(Description = "read_request_100kB")]
    public CallFacts? ReadRequest() => CallReader.Read(chat, WireFormat.OpenAiChat).Call;
}
