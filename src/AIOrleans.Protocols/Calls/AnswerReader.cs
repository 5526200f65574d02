using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.OpenAi.Media;
using AIOrleans.Protocols.OpenAi.Prompts;
using AIOrleans.Protocols.OpenAi.Responses;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Calls;

/// <summary>Reads of a complete answer what the gateway settles, in any protocol; the body passes on as bytes.</summary>
public static class AnswerReader
{
    /// <summary>Bytes of the largest event of a stream: images come whole, in base64.</summary>
    public static int EventBytesMaxOf(WireFormat provider) => provider.MakesImages() ? 24 * 1024 * 1024 : SseReader.EventBytesMaxDefault;

    /// <summary>Null when <paramref name="body"/> is no answer of that protocol. Never throws.</summary>
    /// <param name="family">Of the model, for the estimate of what it wrote.</param>
    /// <param name="contentType">As the provider sent it: transcripts may be plain text.</param>
    public static ChatAnswer? TryRead(
        ReadOnlyMemory<byte> body, WireFormat provider, TokenFamily family = TokenFamily.Unknown, string contentType = "application/json")
    {
        if (provider.IsMedia())
        {
            return MediaAnswerReader.TryRead(body, provider, family, contentType);
        }

        switch (provider)
        {
            case WireFormat.OpenAiChat or WireFormat.OpenAiCompletions:
                return ChatAnswerReader.TryRead(body.Span, family);
            case WireFormat.OpenAiEmbeddings:
                return EmbeddingsAnswerReader.TryRead(body.Span);
            case WireFormat.OpenAiResponses:
                return ResponsesAnswerReader.TryRead(body, family);
        }

        if (AnswerTranslator.TryRead(body, provider) is not { } answer)
        {
            return null;
        }

        TextTally written = new(family, bytesOnly: answer.Usage is not null);
        foreach (ChatPart part in answer.Choices.SelectMany(choice => choice.Parts))
        {
            Add(part, ref written);
        }

        // An answer of vectors has no choices.
        string? finish = answer.Choices.IsEmpty ? null : StopReasons.ToOpenAi(answer.Choices[^1].Stop);
        return new ChatAnswer(answer.Id, answer.Model, finish, answer.Usage, answer.Service, written.Bytes, written.Tokens);
    }

    /// <summary>A meter for a stream that passes to a client of the same protocol.</summary>
    /// <param name="usageAsked">True when an OpenAI client itself asked for the usage chunk.</param>
    /// <param name="family">Of the model, for the estimate of what it wrote.</param>
    public static IStreamMeter MeterOf(WireFormat provider, bool usageAsked, TokenFamily family = TokenFamily.Unknown) => provider switch
    {
        WireFormat.OpenAiChat or WireFormat.OpenAiCompletions => new ChatStreamMeter(usageAsked, family),
        WireFormat.OpenAiResponses => new ResponsesStreamMeter(family),
        _ when provider.IsMedia() => new MediaStreamMeter(provider, family),
        WireFormat.Anthropic => new Anthropic.AnthropicStreamMeter(family),
        WireFormat.Gemini => new Gemini.GeminiStreamMeter(family),
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "No meter of this format."),
    };

    private static void Add(ChatPart part, ref TextTally written)
    {
        switch (part)
        {
            case ChatPart.Text text:
                written.Add(text.Value);
                break;
            case ChatPart.Thinking thought:
                written.Add(thought.Value);
                break;
            case ChatPart.Refusal refusal:
                written.Add(refusal.Value);
                break;
            case ChatPart.ToolCall call:
                written.Add(call.Name);
                written.Add(call.Arguments);
                break;
            case ChatPart.Unknown unknown:
                written.Add(unknown.Value.Utf8.Span);
                break;
        }
    }
}
