using System.Text;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.OpenAi.Media;
using AIOrleans.Protocols.OpenAi.Prompts;
using AIOrleans.Protocols.OpenAi.Responses;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Calls;

/// <summary>Reads of a complete answer what the gateway settles, in any protocol; the body passes on as bytes.</summary>
public static class AnswerReader
{
    /// <summary>Bytes of the largest event of a stream: images come whole, in base64.</summary>
    public static int EventBytesMaxOf(WireFormat provider) => provider.MakesImages() ? 24 * 1024 * 1024 : SseReader.EventBytesMaxDefault;

    /// <summary>Null when <paramref name="body"/> is no answer of that protocol. Never throws.</summary>
    /// <param name="contentType">As the provider sent it: transcripts may be plain text.</param>
    public static ChatAnswer? TryRead(ReadOnlyMemory<byte> body, WireFormat provider, string contentType = "application/json")
    {
        if (provider.IsMedia())
        {
            return MediaAnswerReader.TryRead(body, provider, contentType);
        }

        switch (provider)
        {
            case WireFormat.OpenAiChat or WireFormat.OpenAiCompletions:
                return ChatAnswerReader.TryRead(body.Span);
            case WireFormat.OpenAiEmbeddings:
                return EmbeddingsAnswerReader.TryRead(body.Span);
            case WireFormat.OpenAiResponses:
                return ResponsesAnswerReader.TryRead(body);
        }

        return AnswerTranslator.TryRead(body, provider) is not { } answer ? null
            : answer.Choices.IsEmpty ? new ChatAnswer(answer.Id, answer.Model, null, answer.Usage, answer.Service, 0)
            : new ChatAnswer(answer.Id, answer.Model, StopReasons.ToOpenAi(answer.Choices[^1].Stop), answer.Usage, answer.Service, answer.Choices.Sum(BytesOf));
    }

    /// <summary>A meter for a stream that passes to a client of the same protocol.</summary>
    /// <param name="usageAsked">True when an OpenAI client itself asked for the usage chunk.</param>
    public static IStreamMeter MeterOf(WireFormat provider, bool usageAsked) => provider switch
    {
        WireFormat.OpenAiChat or WireFormat.OpenAiCompletions => new ChatStreamMeter(usageAsked),
        WireFormat.OpenAiResponses => new ResponsesStreamMeter(),
        _ when provider.IsMedia() => new MediaStreamMeter(provider),
        WireFormat.Anthropic => new Anthropic.AnthropicStreamMeter(),
        WireFormat.Gemini => new Gemini.GeminiStreamMeter(),
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "No meter of this format."),
    };

    private static long BytesOf(ChatChoice choice) => choice.Parts.Sum(part => part switch
    {
        ChatPart.Text text => Encoding.UTF8.GetByteCount(text.Value),
        ChatPart.Thinking thought => Encoding.UTF8.GetByteCount(thought.Value),
        ChatPart.Refusal refusal => Encoding.UTF8.GetByteCount(refusal.Value),
        ChatPart.ToolCall call => Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments),
        ChatPart.Unknown unknown => unknown.Value.Utf8.Length,
        _ => 0L,
    });
}
