using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Reads a complete answer of <c>POST /v1/chat/completions</c>.</summary>
internal static class OpenAiAnswerReader
{
    private const int ChoicesMax = 128;

    /// <summary>Null when it is no chat answer.</summary>
    public static CanonicalAnswer? Read(JsonElement root, RequestReading reading)
    {
        if (!root.TryGetProperty("choices"u8, out JsonElement array) || array.ValueKind != JsonValueKind.Array
            || array.GetArrayLength() is 0 or > ChoicesMax)
        {
            return null;
        }

        ImmutableArray<ChatChoice>.Builder choices = ImmutableArray.CreateBuilder<ChatChoice>(array.GetArrayLength());
        foreach (JsonElement item in array.EnumerateArray())
        {
            JsonElement message = JsonLookups.Object(item, "message"u8);
            if (message.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            ChatMessage said = OpenAiMessagesReader.ReadAnswer(message, "message", reading);
            StopReason stop = StopReasons.OfOpenAi(JsonLookups.Text(item, "finish_reason"u8));
            JsonElement logProbs = JsonLookups.Object(item, "logprobs"u8);
            choices.Add(new ChatChoice(
                choices.Count, said.Parts, stop, LogProbs: logProbs.ValueKind == JsonValueKind.Object ? reading.Raw(logProbs) : null));
        }

        return new CanonicalAnswer(JsonLookups.Text(root, "id"u8), JsonLookups.Text(root, "model"u8), choices.MoveToImmutable(), UsageOf(root))
        {
            Service = ServiceTiers.OfWire(JsonLookups.Text(root, "service_tier"u8)),
        };
    }

    /// <summary>The usage of an answer or a chunk; null when missing or garbage.</summary>
    public static TokenUsage? UsageOf(JsonElement root)
    {
        JsonElement usage = JsonLookups.Object(root, "usage"u8);
        if (usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        Utf8JsonReader reader = new(JsonMarshal.GetRawUtf8Value(usage));
        reader.Read();
        return OpenAiUsage.Read(ref reader);
    }
}
