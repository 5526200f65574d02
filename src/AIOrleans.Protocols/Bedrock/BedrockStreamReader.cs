using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Reads the events of <c>ConverseStream</c>, whose kind is the event's name. Kinds of events and blocks that it does not know are skipped.</summary>
/// <remarks>Usage comes last, behind the end of the message; a stream that closes between both is complete, and its usage is not told.</remarks>
internal sealed class BedrockStreamReader : IStreamReader
{
    /// <summary>The block that is open; null: none, or one that is skipped.</summary>
    private PartKind? open;

    /// <summary>Its number on the wire.</summary>
    private long openIndex = -1;
    private int partCount;
    private bool hasBegun;
    private bool hasStopped;
    private bool isDone;

    public StreamStep Read(in SseEvent next, List<ChatEvent> steps)
    {
        if (!next.HasData)
        {
            return StreamStep.Drop;
        }

        string name = Encoding.UTF8.GetString(next.Name.Span);
        using JsonDocument? document = JsonInput.TryParse(next.Data);
        JsonElement root = document?.RootElement ?? default;
        if (BedrockErrors.IsError(name))
        {
            steps.Add(new ChatEvent.Failed(BedrockErrors.Read(root, name)));
            return StreamStep.Failed;
        }

        return root.ValueKind == JsonValueKind.Object && (hasBegun || name == "messageStart") ? ReadEvent(name, root, steps) : StreamStep.Garbage;
    }

    public StreamStep End(List<ChatEvent> steps)
    {
        if (!hasStopped)
        {
            return StreamStep.Garbage;
        }

        if (!isDone)
        {
            isDone = true;
            steps.Add(ChatEvent.Ended.Instance);
        }

        return StreamStep.Done;
    }

    private StreamStep ReadEvent(string name, JsonElement root, List<ChatEvent> steps)
    {
        switch (name)
        {
            case "messageStart" when !hasBegun:
                hasBegun = true;
                steps.Add(new ChatEvent.Started(null, null, null));
                break;
            case "contentBlockStart":
                BeginBlock(root, steps);
                break;
            case "contentBlockDelta":
                GrowBlock(root, steps);
                break;
            case "contentBlockStop":
                EndBlock(steps);
                break;
            case "messageStop" when !hasStopped:
                EndBlock(steps);
                hasStopped = true;
                steps.Add(new ChatEvent.Stopped(
                    0, StopReasons.OfBedrock(JsonLookups.Text(root, "stopReason"u8)), BedrockAnswerReader.StopSequenceOf(root)));
                break;
            case "metadata":
                return ReadMetadata(root, steps);
        }

        return StreamStep.Forward;
    }

    private StreamStep ReadMetadata(JsonElement root, List<ChatEvent> steps)
    {
        if (BedrockUsage.Read(JsonLookups.Object(root, "usage"u8)) is { } told)
        {
            steps.Add(new ChatEvent.Metered(told, BedrockUsage.ReadService(root)));
        }

        return hasStopped ? End(steps) : StreamStep.Forward;
    }

    /// <summary>Only calls of tools need a beginning: text and thoughts may begin with their first piece.</summary>
    private void BeginBlock(JsonElement root, List<ChatEvent> steps)
    {
        EndBlock(steps);
        openIndex = IndexOf(root);
        JsonElement call = JsonLookups.Object(JsonLookups.Object(root, "start"u8), "toolUse"u8);
        if (call.ValueKind == JsonValueKind.Object)
        {
            open = PartKind.ToolCall;
            steps.Add(new ChatEvent.PartBegun(
                0, partCount++, PartKind.ToolCall, JsonLookups.Text(call, "toolUseId"u8) ?? "", JsonLookups.Text(call, "name"u8) ?? ""));
        }
    }

    private void GrowBlock(JsonElement root, List<ChatEvent> steps)
    {
        long index = IndexOf(root);
        if (index != openIndex)
        {
            EndBlock(steps);
            openIndex = index;
        }

        JsonElement delta = JsonLookups.Object(root, "delta"u8);
        JsonElement thought = JsonLookups.Object(delta, "reasoningContent"u8);
        Grow(PartKind.Text, JsonLookups.Text(delta, "text"u8), steps);
        Grow(PartKind.Thinking, JsonLookups.Text(thought, "text"u8), steps);
        Sign(JsonLookups.Text(thought, "signature"u8), isRedacted: false, steps);
        Sign(JsonLookups.Text(thought, "redactedContent"u8), isRedacted: true, steps);
        if (open == PartKind.ToolCall)
        {
            Grow(PartKind.ToolCall, JsonLookups.Text(JsonLookups.Object(delta, "toolUse"u8), "input"u8), steps);
        }
    }

    private void Grow(PartKind kind, string? text, List<ChatEvent> steps)
    {
        if (text is not null)
        {
            Open(kind, steps);
            steps.Add(new ChatEvent.Grown(0, partCount - 1, kind, text));
        }
    }

    private void Sign(string? signature, bool isRedacted, List<ChatEvent> steps)
    {
        if (signature is not null)
        {
            Open(PartKind.Thinking, steps);
            steps.Add(new ChatEvent.Signed(
                0, partCount - 1, PartKind.Thinking, isRedacted ? ForeignSignature.MarkBedrock(signature) : signature, isRedacted));
        }
    }

    private void Open(PartKind kind, List<ChatEvent> steps)
    {
        if (open == kind)
        {
            return;
        }

        EndPart(steps);
        open = kind;
        steps.Add(new ChatEvent.PartBegun(0, partCount++, kind));
    }

    private void EndBlock(List<ChatEvent> steps)
    {
        openIndex = -1;
        EndPart(steps);
    }

    private void EndPart(List<ChatEvent> steps)
    {
        if (open is { } kind)
        {
            open = null;
            steps.Add(new ChatEvent.PartEnded(0, partCount - 1, kind));
        }
    }

    private static long IndexOf(JsonElement root) => JsonLookups.Tokens(root, "contentBlockIndex"u8) ?? 0;
}
