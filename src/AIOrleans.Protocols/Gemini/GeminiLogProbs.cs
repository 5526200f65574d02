using System.Text;
using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Turns <c>logprobsResult</c> into OpenAI's <c>logprobs</c>, the canonical form, and back.</summary>
internal static class GeminiLogProbs
{
    /// <summary>Null when there are none.</summary>
    public static RawJson? Read(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("chosenCandidates"u8, out JsonElement chosen)
            || chosen.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        JsonElement[] tops = result.TryGetProperty("topCandidates"u8, out JsonElement array) && array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : [];
        return new RawJson(JsonInput.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("content"u8);
            int index = 0;
            foreach (JsonElement token in chosen.EnumerateArray())
            {
                WriteToken(writer, token, index < tops.Length ? tops[index] : default);
                index++;
            }

            writer.WriteEndArray();
            writer.WriteNull("refusal"u8);
            writer.WriteEndObject();
        }));
    }

    /// <summary>Writes the member <c>logprobsResult</c>; nothing when there are none.</summary>
    public static void Write(Utf8JsonWriter writer, RawJson? logProbs)
    {
        if (logProbs is not { } given)
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(given.Utf8, JsonInput.Options);
        if (!document.RootElement.TryGetProperty("content"u8, out JsonElement content) || content.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        writer.WriteStartObject("logprobsResult"u8);
        writer.WriteStartArray("topCandidates"u8);
        foreach (JsonElement token in content.EnumerateArray())
        {
            writer.WriteStartObject();
            writer.WriteStartArray("candidates"u8);
            if (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("top_logprobs"u8, out JsonElement tops) && tops.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement top in tops.EnumerateArray())
                {
                    WriteCandidate(writer, top);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("chosenCandidates"u8);
        foreach (JsonElement token in content.EnumerateArray())
        {
            WriteCandidate(writer, token);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter writer, JsonElement token, JsonElement top)
    {
        writer.WriteStartObject();
        WriteMembers(writer, token);
        writer.WriteStartArray("top_logprobs"u8);
        if (top.ValueKind == JsonValueKind.Object && top.TryGetProperty("candidates"u8, out JsonElement candidates) && candidates.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement candidate in candidates.EnumerateArray())
            {
                writer.WriteStartObject();
                WriteMembers(writer, candidate);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement token)
    {
        string text = JsonLookups.Text(token, "token"u8) ?? "";
        writer.WriteString("token"u8, text);
        WriteNumber(writer, "logprob"u8, token, "logProbability"u8);
        writer.WriteStartArray("bytes"u8);
        foreach (byte one in Encoding.UTF8.GetBytes(text))
        {
            writer.WriteNumberValue(one);
        }

        writer.WriteEndArray();
    }

    private static void WriteCandidate(Utf8JsonWriter writer, JsonElement token)
    {
        writer.WriteStartObject();
        writer.WriteString("token"u8, JsonLookups.Text(token, "token"u8) ?? "");
        WriteNumber(writer, "logProbability"u8, token, "logprob"u8);
        writer.WriteEndObject();
    }

    /// <summary>Copies a number digit by digit; what is none becomes 0, as if certain.</summary>
    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement owner, ReadOnlySpan<byte> from)
    {
        writer.WritePropertyName(name);
        if (owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(from, out JsonElement number) && number.ValueKind == JsonValueKind.Number)
        {
            number.WriteTo(writer);
        }
        else
        {
            writer.WriteNumberValue(0);
        }
    }
}
