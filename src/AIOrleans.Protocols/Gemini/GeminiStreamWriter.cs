using System.Buffers;
using System.Text;
using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Writes a stream of partial answers. A function call is one part and cannot be split: its arguments are gathered until it is complete.</summary>
internal sealed class GeminiStreamWriter(AnswerFrame frame) : IStreamWriter
{
    /// <summary>Characters of one call's arguments; no model writes as much in one answer.</summary>
    private const int ArgumentsLengthMax = 4 * 1024 * 1024;

    private readonly EventWriter events = new();
    private readonly SortedDictionary<int, StopReason> stops = [];
    private readonly Dictionary<(int Choice, int Part), OpenCall> calls = [];
    private readonly HashSet<int> refusals = [];
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
            case ChatEvent.PartBegun { Kind: PartKind.ToolCall } begun:
                calls[(begun.Choice, begun.Index)] = new OpenCall(begun);
                break;
            case ChatEvent.PartBegun { Kind: PartKind.Refusal } begun:
                refusals.Add(begun.Choice);
                break;
            case ChatEvent.Grown { Kind: PartKind.ToolCall } grown:
                calls.GetValueOrDefault((grown.Choice, grown.Index))?.Grow(grown.Text);
                break;
            case ChatEvent.Grown grown:
                WriteText(output, grown.Choice, grown.Text, grown.Kind == PartKind.Thinking, null, grown.LogProbs);
                break;
            case ChatEvent.Signed { Kind: PartKind.ToolCall } signed:
                calls.GetValueOrDefault((signed.Choice, signed.Index))?.Sign(signed.Signature);
                break;
            case ChatEvent.Signed signed:
                string? carried = signed.IsRedacted ? ForeignSignature.ForGemini(null, signed.Signature) : ForeignSignature.ForGemini(signed.Signature, null);
                WriteText(output, signed.Choice, "", isThought: true, carried, null);
                break;
            case ChatEvent.PartEnded { Kind: PartKind.ToolCall } ended when calls.Remove((ended.Choice, ended.Index), out OpenCall? call):
                Utf8JsonWriter json = BeginPart(output, ended.Choice);
                GeminiAnswerWriter.WriteCall(json, call.Begun.ToolId, call.Begun.ToolName, call.Arguments, call.Signature);
                EndPart(json, output, null);
                break;
            case ChatEvent.Stopped stopped:
                stops[stopped.Choice] = refusals.Contains(stopped.Choice) ? StopReason.Refusal : stopped.Reason;
                break;
            case ChatEvent.Metered metered:
                usage = metered.Usage;
                break;
            case ChatEvent.Ended:
                WriteEnd(output);
                break;
        }
    }

    private void WriteText(IBufferWriter<byte> output, int choice, string text, bool isThought, string? signature, RawJson? logProbs)
    {
        Utf8JsonWriter json = BeginPart(output, choice);
        GeminiAnswerWriter.WriteText(json, text, isThought, signature);
        EndPart(json, output, logProbs);
    }

    /// <summary>The finish comes last, with the usage.</summary>
    private void WriteEnd(IBufferWriter<byte> output)
    {
        Utf8JsonWriter json = events.Begin(output, default);
        json.WriteStartArray("candidates"u8);
        foreach ((int choice, StopReason stop) in stops)
        {
            json.WriteStartObject();
            json.WriteStartObject("content"u8);
            json.WriteStartArray("parts"u8);
            json.WriteEndArray();
            json.WriteString("role"u8, "model"u8);
            json.WriteEndObject();
            json.WriteString("finishReason"u8, StopReasons.ToGemini(stop));
            json.WriteNumber("index"u8, choice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        GeminiAnswerWriter.WriteEnd(json, usage, model, id);
        events.End(output);
    }

    private Utf8JsonWriter BeginPart(IBufferWriter<byte> output, int choice)
    {
        Utf8JsonWriter json = events.Begin(output, default);
        json.WriteStartArray("candidates"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("content"u8);
        json.WriteString("role"u8, "model"u8);
        json.WriteStartArray("parts"u8);
        return json;
    }

    private void EndPart(Utf8JsonWriter json, IBufferWriter<byte> output, RawJson? logProbs)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        GeminiLogProbs.Write(json, logProbs);
        json.WriteEndObject();
        json.WriteEndArray();
        GeminiAnswerWriter.WriteEnd(json, null, model, id);
        events.End(output);
    }

    /// <summary>A function call whose arguments are still coming.</summary>
    private sealed class OpenCall(ChatEvent.PartBegun begun)
    {
        private readonly StringBuilder arguments = new();

        public ChatEvent.PartBegun Begun => begun;

        public string Arguments => arguments.ToString();

        public string? Signature { get; private set; }

        public void Grow(string text)
        {
            if (arguments.Length + text.Length <= ArgumentsLengthMax)
            {
                arguments.Append(text);
            }
        }

        public void Sign(string signature) => Signature = signature;
    }
}
