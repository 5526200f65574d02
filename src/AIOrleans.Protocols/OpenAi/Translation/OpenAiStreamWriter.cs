using System.Buffers;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Writes a chat completion stream: one chunk for each step, usage in a chunk of its own when the client asked, <c>[DONE]</c> at the end.</summary>
internal sealed class OpenAiStreamWriter(AnswerFrame frame) : IStreamWriter
{
    private readonly EventWriter events = new();
    private readonly Dictionary<int, int> toolCounts = [];

    /// <summary>Choices whose open call has got no arguments yet.</summary>
    private readonly HashSet<int> bareCalls = [];
    private string id = frame.FallbackId;
    private string model = frame.FallbackModel;
    private TokenUsage? usage;

    public void Write(ChatEvent step, IBufferWriter<byte> output)
    {
        switch (step)
        {
            case ChatEvent.Started started:
                id = started.Id ?? id;
                model = started.Model ?? model;
                usage = started.Usage;
                WriteDelta(output, 0, static (json, _) =>
                {
                    json.WriteString("role"u8, "assistant"u8);
                    json.WriteString("content"u8, ""u8);
                }, "");
                break;
            case ChatEvent.PartBegun { Kind: PartKind.ToolCall } begun:
                BeginCall(output, begun);
                break;
            case ChatEvent.Grown grown:
                Grow(output, grown);
                break;
            case ChatEvent.Signed signed:
                Sign(output, signed);
                break;
            case ChatEvent.PartEnded { Kind: PartKind.ToolCall } ended when bareCalls.Contains(ended.Choice):
                // A call without arguments is an empty object: clients parse what they have gathered.
                WriteArguments(output, ended.Choice, "{}");
                break;
            case ChatEvent.Stopped stopped:
                WriteStop(output, stopped);
                break;
            case ChatEvent.Metered metered:
                usage = metered.Usage;
                break;
            case ChatEvent.Ended:
                WriteEnd(output);
                break;
        }
    }

    private void BeginCall(IBufferWriter<byte> output, ChatEvent.PartBegun begun)
    {
        int index = toolCounts.GetValueOrDefault(begun.Choice);
        toolCounts[begun.Choice] = index + 1;
        bareCalls.Add(begun.Choice);
        WriteDelta(output, begun.Choice, static (json, state) =>
        {
            json.WriteStartArray("tool_calls"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, state.Index);
            json.WriteString("id"u8, state.Begun.ToolId);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, state.Begun.ToolName);
            json.WriteString("arguments"u8, ""u8);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }, (Index: index, Begun: begun));
    }

    private void Grow(IBufferWriter<byte> output, ChatEvent.Grown grown)
    {
        switch (grown.Kind)
        {
            case PartKind.ToolCall:
                WriteArguments(output, grown.Choice, grown.Text);
                break;
            case PartKind.Thinking:
                WriteDelta(output, grown.Choice, static (json, step) => json.WriteString("reasoning_content"u8, step.Text), grown);
                break;
            default:
                WriteDelta(output, grown.Choice,
                    static (json, step) => json.WriteString(step.Kind == PartKind.Refusal ? "refusal"u8 : "content"u8, step.Text), grown, grown.LogProbs);
                break;
        }
    }

    private void WriteArguments(IBufferWriter<byte> output, int choice, string arguments)
    {
        bareCalls.Remove(choice);
        WriteDelta(output, choice, static (json, state) =>
        {
            json.WriteStartArray("tool_calls"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, state.Index);
            json.WriteStartObject("function"u8);
            json.WriteString("arguments"u8, state.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }, (Index: toolCounts.GetValueOrDefault(choice) - 1, Arguments: arguments));
    }

    private void Sign(IBufferWriter<byte> output, ChatEvent.Signed signed)
    {
        if (signed.Kind == PartKind.ToolCall)
        {
            WriteDelta(output, signed.Choice, static (json, state) =>
            {
                json.WriteStartArray("tool_calls"u8);
                json.WriteStartObject();
                json.WriteNumber("index"u8, state.Index);
                OpenAiMessagesWriter.WriteSignature(json, state.Signature);
                json.WriteEndObject();
                json.WriteEndArray();
            }, (Index: toolCounts.GetValueOrDefault(signed.Choice) - 1, signed.Signature));
            return;
        }

        WriteDelta(output, signed.Choice, static (json, step) =>
        {
            json.WriteStartArray("thinking_blocks"u8);
            ThoughtBlocks.Write(json, step.IsRedacted ? new ChatPart.Thinking("", null, step.Signature) : new ChatPart.Thinking("", step.Signature));
            json.WriteEndArray();
        }, signed);
    }

    private void WriteStop(IBufferWriter<byte> output, ChatEvent.Stopped stopped)
    {
        Utf8JsonWriter json = BeginChunk(output);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, stopped.Choice);
        json.WriteStartObject("delta"u8);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, StopReasons.ToOpenAi(stopped.Reason));
        json.WriteEndObject();
        json.WriteEndArray();
        EndChunk(json, output);
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

    private void WriteDelta<T>(IBufferWriter<byte> output, int choice, Action<Utf8JsonWriter, T> write, T state, Json.RawJson? logProbs = null)
    {
        Utf8JsonWriter json = BeginChunk(output);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        write(json, state);
        json.WriteEndObject();
        if (logProbs is { } probabilities)
        {
            json.WritePropertyName("logprobs"u8);
            probabilities.WriteCompact(json);
        }

        json.WriteNull("finish_reason"u8);
        json.WriteEndObject();
        json.WriteEndArray();
        EndChunk(json, output);
    }

    private Utf8JsonWriter BeginChunk(IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = events.Begin(output, default);
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, frame.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        return json;
    }

    private void EndChunk(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        if (frame.IncludeUsage)
        {
            json.WriteNull("usage"u8);
        }

        events.End(output);
    }
}
