using System.Buffers;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Bedrock;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.OpenAi.Prompts;
using AIOrleans.Protocols.OpenAi.Responses;
using AIOrleans.Protocols.OpenAi.Translation;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Chat;

/// <summary>Turns a provider's stream into the stream of a client of another protocol, event by event, and meters it on the way.</summary>
/// <remarks>
/// What the client gets is written to <paramref name="output"/>, which the caller empties after each event; <see cref="StreamStep.Forward"/> may
/// have written nothing. On Failed and Garbage the caller ends the stream with an error event of the client's protocol. Not thread-safe: one per stream.
/// </remarks>
/// <param name="family">Of the model, for the estimate of what it wrote.</param>
public sealed class StreamTranslator(
    WireFormat provider, WireFormat client, AnswerFrame frame, IBufferWriter<byte> output, TokenFamily family = TokenFamily.Unknown) : IStreamMeter
{
    private TextTally written = new(family);
    private readonly IStreamReader reader = ReaderOf(provider);
    private readonly IStreamWriter writer = WriterOf(client, frame);
    private readonly List<ChatEvent> steps = [];

    public TokenUsage? Usage { get; private set; }

    public TokenUsage? InputTold { get; private set; }

    public ServiceTier? Service { get; private set; }

    public bool IsDone { get; private set; }

    public ChatError? Error { get; private set; }

    public string? Id { get; private set; }

    public string? Model { get; private set; }

    public string? FinishReason { get; private set; }

    public long OutputBytes => written.Bytes;

    public long OutputTokens => written.Tokens;

    public int OutputDeltas { get; private set; }

    /// <inheritdoc/>
    public long NextSequence => writer.NextSequence;

    /// <inheritdoc/>
    public StreamStep Read(in SseEvent next)
    {
        steps.Clear();
        return Pass(reader.Read(next, steps));
    }

    /// <inheritdoc/>
    public StreamStep End()
    {
        steps.Clear();
        return Pass(reader.End(steps));
    }

    private StreamStep Pass(StreamStep step)
    {
        if (step is StreamStep.Garbage)
        {
            return step;
        }

        foreach (ChatEvent one in steps)
        {
            Meter(one);
            if (one is not ChatEvent.Failed)
            {
                writer.Write(one, output);
            }
        }

        return writer.IsFull ? StreamStep.Garbage : step;
    }

    private void Meter(ChatEvent step)
    {
        switch (step)
        {
            case ChatEvent.Started started:
                (Id, Model, InputTold) = (started.Id, started.Model, started.Usage);
                break;
            case ChatEvent.PartBegun { ToolName: { } name }:
                written.Add(name);
                break;
            case ChatEvent.Grown grown:
                written.Add(grown.Text);
                OutputDeltas++;
                break;
            case ChatEvent.Metered { IsSoFar: true } soFar:
                InputTold = soFar.Usage;
                break;
            case ChatEvent.Metered metered:
                (Usage, Service) = (metered.Usage, metered.Service ?? Service);
                break;
            case ChatEvent.Stopped stopped:
                FinishReason = StopReasons.ToOpenAi(stopped.Reason);
                break;
            case ChatEvent.Failed failed:
                Error = failed.Error;
                break;
            case ChatEvent.Ended:
                IsDone = true;
                break;
        }
    }

    private static IStreamReader ReaderOf(WireFormat provider) => provider switch
    {
        WireFormat.OpenAiChat => new OpenAiStreamReader(),
        WireFormat.Anthropic => new AnthropicStreamReader(),
        WireFormat.Gemini => new GeminiStreamReader(),
        WireFormat.Bedrock => new BedrockStreamReader(),
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "No reader of this format."),
    };

    private static IStreamWriter WriterOf(WireFormat client, AnswerFrame frame) => client switch
    {
        WireFormat.OpenAiChat => new PartSequencer(new OpenAiStreamWriter(frame)),
        WireFormat.OpenAiResponses => new ResponsesStreamWriter(frame),
        WireFormat.OpenAiCompletions => new CompletionsStreamWriter(frame),
        WireFormat.Anthropic => new PartSequencer(new AnthropicStreamWriter(frame)),
        WireFormat.Gemini => new GeminiStreamWriter(frame),
        _ => throw new ArgumentOutOfRangeException(nameof(client), client, "No writer of this format."),
    };
}
