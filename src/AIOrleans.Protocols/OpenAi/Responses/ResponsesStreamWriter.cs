using System.Buffers;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Writes a stream of responses: every item and part is announced, grows, and is repeated whole when it is done; the last event repeats all of them.</summary>
/// <remarks>
/// An item is told as done when the next one begins or the answer stops, because it says whether it was cut off. Calls may grow side by side: each has a place in the output.
/// Thoughts and calls begin on the wire with their first content only, because a signature comes before a call, in an item of its own.
/// </remarks>
internal sealed class ResponsesStreamWriter(AnswerFrame frame) : IStreamWriter
{
    /// <summary>Characters of one answer, which are gathered to be repeated; no model writes as much.</summary>
    private const long GatheredLengthMax = 16 * 1024 * 1024;

    /// <summary>Characters that an item counts for beside its text: bounds the number of items.</summary>
    private const int ItemLength = 256;

    private readonly ResponseEvents events = new();
    private readonly ResponseFrame response = new(frame);
    private readonly List<ResponseItem> items = [];

    /// <summary>Parts that have begun and are not on the wire yet.</summary>
    private readonly Dictionary<int, ChatEvent.PartBegun> pending = [];

    /// <summary>The items of parts that are growing.</summary>
    private readonly Dictionary<int, ResponseItem> open = [];

    /// <summary>Items that no part grows in, and that are not told as done yet.</summary>
    private readonly List<ResponseItem> resting = [];
    private ResponseEnding ending = ResponseEnding.Completed;
    private bool hasRefused;
    private long gatheredLength;

    public bool IsFull => gatheredLength > GatheredLengthMax;

    public long NextSequence => events.NextSequence;

    public void Write(ChatEvent step, IBufferWriter<byte> output)
    {
        switch (step)
        {
            case ChatEvent.Started started:
                response.Id = started.Id ?? response.Id;
                response.Model = started.Model ?? response.Model;
                events.Response(output, "response.created"u8, response, ResponseEnding.InProgress, [], 0);
                events.Response(output, "response.in_progress"u8, response, ResponseEnding.InProgress, [], 0);
                break;
            case ChatEvent.PartBegun { Choice: 0 } begun:
                pending[begun.Index] = begun;
                hasRefused |= begun.Kind == PartKind.Refusal;
                break;
            case ChatEvent.Grown { Choice: 0 } grown when OpenItem(output, grown.Index) is { } item:
                Grow(output, item, grown);
                break;
            case ChatEvent.Signed { Choice: 0, Kind: PartKind.ToolCall } signed when pending.ContainsKey(signed.Index):
                // A call has no place for it; the client sends thoughts back unchanged, in front of their call.
                ResponseItem proof = AddItem(output, new ResponseItem(PartKind.Thinking, response.Id, items.Count));
                proof.Encrypted = ForeignSignature.Mark(signed.Signature);
                resting.Add(proof);
                break;
            case ChatEvent.Signed { Choice: 0, Kind: PartKind.Thinking } signed when OpenItem(output, signed.Index) is { } item:
                item.Encrypted = ForeignSignature.ForResponses(signed.IsRedacted ? null : signed.Signature, signed.IsRedacted ? signed.Signature : null);
                break;
            case ChatEvent.PartEnded { Choice: 0 } ended:
                EndPart(output, ended);
                break;
            case ChatEvent.Stopped { Choice: 0 } stopped:
                ending = ResponseEnding.Of(stopped.Reason, hasRefused);
                break;
            case ChatEvent.Metered metered:
                (response.Usage, response.Service) = (metered.Usage, metered.Service ?? response.Service);
                break;
            case ChatEvent.Ended:
                WriteEnd(output);
                break;
        }
    }

    /// <summary>The item that a part grows in; null when the part has not begun.</summary>
    private ResponseItem? OpenItem(IBufferWriter<byte> output, int part)
    {
        if (open.TryGetValue(part, out ResponseItem? item) || !pending.Remove(part, out ChatEvent.PartBegun? begun))
        {
            return item;
        }

        item = begun.Kind switch
        {
            PartKind.ToolCall => AddItem(output, new ResponseItem(PartKind.ToolCall, response.Id, items.Count) { CallId = begun.ToolId ?? "", Name = begun.ToolName ?? "" }),
            PartKind.Thinking => AddItem(output, new ResponseItem(PartKind.Thinking, response.Id, items.Count)),
            _ => OpenMessage(output, begun.Kind),
        };
        open.Add(part, item);
        return item;
    }

    /// <summary>Texts that follow one another are parts of one message.</summary>
    private ResponseItem OpenMessage(IBufferWriter<byte> output, PartKind kind)
    {
        ResponseItem message = resting is [.., { Kind: PartKind.Text } last] && resting.Remove(last)
            ? last
            : AddItem(output, new ResponseItem(PartKind.Text, response.Id, items.Count));
        message.AddPart(kind);
        events.Part(output, "response.content_part.added"u8, message);
        return message;
    }

    private ResponseItem AddItem(IBufferWriter<byte> output, ResponseItem item)
    {
        FinishResting(output, "completed");
        items.Add(item);
        gatheredLength += ItemLength;
        events.Item(output, "response.output_item.added"u8, item, "in_progress");
        return item;
    }

    private void Grow(IBufferWriter<byte> output, ResponseItem item, ChatEvent.Grown grown)
    {
        gatheredLength += grown.Text.Length + (grown.LogProbs?.Utf8.Length ?? 0);
        if (IsFull || grown.Text.Length == 0)
        {
            return;
        }

        switch (item.Kind)
        {
            case PartKind.ToolCall:
                item.Text.Append(grown.Text);
                events.Delta(output, "response.function_call_arguments.delta"u8, item, grown.Text);
                break;
            case PartKind.Thinking:
                if (item.Text.Length == 0)
                {
                    events.SummaryPart(output, "response.reasoning_summary_part.added"u8, item);
                }

                item.Text.Append(grown.Text);
                events.Delta(output, "response.reasoning_summary_text.delta"u8, item, grown.Text);
                break;
            default:
                item.LastPart.Text.Append(grown.Text);
                item.LastPart.AddLogProbs(grown.LogProbs);
                events.PartDelta(output, item, grown);
                break;
        }
    }

    private void EndPart(IBufferWriter<byte> output, ChatEvent.PartEnded ended)
    {
        if (ended.Kind == PartKind.ToolCall)
        {
            OpenItem(output, ended.Index);
        }

        // Text and thoughts without a character leave no trace.
        pending.Remove(ended.Index);
        if (open.Remove(ended.Index, out ResponseItem? item))
        {
            if (item is { Kind: PartKind.ToolCall, Text.Length: 0 })
            {
                // A call without arguments is an empty object: clients parse what they have gathered.
                item.Text.Append("{}");
                events.Delta(output, "response.function_call_arguments.delta"u8, item, "{}");
            }

            events.TextDone(output, item);
            resting.Add(item);
        }
    }

    private void WriteEnd(IBufferWriter<byte> output)
    {
        foreach ((int part, ResponseItem item) in open.OrderBy(one => one.Value.Index).ToArray())
        {
            EndPart(output, new ChatEvent.PartEnded(0, part, item.Kind));
        }

        int cutFrom = resting.Count == 0 ? items.Count : resting.Min(item => item.Index);
        FinishResting(output, ending.ItemStatus);
        ReadOnlySpan<byte> type = ending.Status switch
        {
            "completed" => "response.completed"u8,
            "failed" => "response.failed"u8,
            _ => "response.incomplete"u8,
        };
        events.Response(output, type, response, ending, items, cutFrom);
    }

    private void FinishResting(IBufferWriter<byte> output, string status)
    {
        foreach (ResponseItem item in resting)
        {
            events.Item(output, "response.output_item.done"u8, item, status);
        }

        resting.Clear();
    }
}
