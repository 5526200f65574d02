using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Reads the chunks of a chat completion stream. Parts are not marked on this wire: one begins with its first text and ends with the next.</summary>
internal sealed class OpenAiStreamReader : IStreamReader
{
    private readonly Dictionary<int, OpenAiChoiceReader> choices = [];
    private bool hasBegun;
    private bool isDone;

    public StreamStep Read(in SseEvent next, List<ChatEvent> steps)
    {
        ReadOnlyMemory<byte> chunk = next.HasData ? next.Data : default;
        if (chunk.Span.Trim((byte)' ').IsEmpty)
        {
            return StreamStep.Drop;
        }

        if (chunk.Span.TrimStart((byte)' ').StartsWith("[DONE]"u8))
        {
            isDone = true;
            foreach (OpenAiChoiceReader choice in choices.Values)
            {
                choice.End(steps);
            }

            steps.Add(ChatEvent.Ended.Instance);
            return StreamStep.Done;
        }

        using JsonDocument? document = JsonInput.TryParse(chunk);
        return document?.RootElement.ValueKind == JsonValueKind.Object ? ReadChunk(document.RootElement, chunk, steps) : StreamStep.Garbage;
    }

    public StreamStep End(List<ChatEvent> steps) => isDone ? StreamStep.Done : StreamStep.Garbage;

    private StreamStep ReadChunk(JsonElement root, ReadOnlyMemory<byte> chunk, List<ChatEvent> steps)
    {
        bool hasChoices = root.TryGetProperty("choices"u8, out JsonElement array) && array.ValueKind == JsonValueKind.Array;
        if (!hasChoices || (root.TryGetProperty("error"u8, out JsonElement error) && error.ValueKind != JsonValueKind.Null))
        {
            if (OpenAiErrors.TryRead(chunk.Span) is { } failure)
            {
                steps.Add(new ChatEvent.Failed(OpenAiErrors.ToCanonical(failure)));
                return StreamStep.Failed;
            }

            if (OpenAiAnswerReader.UsageOf(root) is null)
            {
                return StreamStep.Garbage;
            }
        }

        if (!hasBegun)
        {
            hasBegun = true;
            steps.Add(new ChatEvent.Started(JsonLookups.Text(root, "id"u8), JsonLookups.Text(root, "model"u8), null));
        }

        if (hasChoices && !ReadChoices(array, chunk, steps))
        {
            return StreamStep.Garbage;
        }

        if (OpenAiAnswerReader.UsageOf(root) is { } usage)
        {
            steps.Add(new ChatEvent.Metered(usage, ServiceTiers.OfWire(JsonLookups.Text(root, "service_tier"u8))));
        }

        return StreamStep.Forward;
    }

    private bool ReadChoices(JsonElement array, ReadOnlyMemory<byte> chunk, List<ChatEvent> steps)
    {
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            int index = (int)Math.Min(JsonLookups.Tokens(item, "index"u8) ?? 0, OpenAiChoiceReader.ChoicesMax);
            if (index == OpenAiChoiceReader.ChoicesMax)
            {
                return false;
            }

            if (!choices.TryGetValue(index, out OpenAiChoiceReader? choice))
            {
                choice = new OpenAiChoiceReader(index);
                choices.Add(index, choice);
            }

            if (!choice.Read(item, chunk, steps))
            {
                return false;
            }
        }

        return true;
    }
}
