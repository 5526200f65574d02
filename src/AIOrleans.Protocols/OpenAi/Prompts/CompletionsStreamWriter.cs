using System.Buffers;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Translation;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Writes a stream of legacy completions: one chunk for each piece of text, usage in a chunk of its own when the client asked, <c>[DONE]</c> at the end.</summary>
internal sealed class CompletionsStreamWriter(AnswerFrame frame) : IStreamWriter
{
    private readonly EventWriter events = new();
    private string id = frame.FallbackId;
    private string model = frame.FallbackModel;
    private TokenUsage? usage;

    public void Write(ChatEvent step, IBufferWriter<byte> output)
    {
        switch (step)
        {
            case ChatEvent.Started started:
                (id, model, usage) = (started.Id ?? id, started.Model ?? model, started.Usage);
                break;
            case ChatEvent.Grown { Kind: PartKind.Text or PartKind.Refusal } grown:
                WriteChunk(output, grown.Choice, grown.Text, null);
                break;
            case ChatEvent.Stopped stopped:
                WriteChunk(output, stopped.Choice, "", StopReasons.ToOpenAi(stopped.Reason));
                break;
            case ChatEvent.Metered metered:
                usage = metered.Usage;
                break;
            case ChatEvent.Ended:
                WriteEnd(output);
                break;
        }
    }

    private void WriteChunk(IBufferWriter<byte> output, int choice, string text, string? stop)
    {
        Utf8JsonWriter json = BeginChunk(output);
        json.WriteStartArray("choices"u8);
        CompletionsAnswerWriter.WriteChoice(json, choice, text, stop);
        json.WriteEndArray();
        if (frame.IncludeUsage)
        {
            json.WriteNull("usage"u8);
        }

        events.End(output);
    }

    private void WriteEnd(IBufferWriter<byte> output)
    {
        if (frame.IncludeUsage && usage is { } told)
        {
            Utf8JsonWriter json = BeginChunk(output);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            json.WritePropertyName("usage"u8);
            OpenAiAnswerWriter.WriteUsage(json, told);
            events.End(output);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private Utf8JsonWriter BeginChunk(IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = events.Begin(output, default);
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "text_completion"u8);
        json.WriteNumber("created"u8, frame.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        return json;
    }
}
