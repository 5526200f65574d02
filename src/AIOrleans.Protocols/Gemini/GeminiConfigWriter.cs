using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Writes the members of <c>generationConfig</c>.</summary>
internal static class GeminiConfigWriter
{
    /// <summary>Stop sequences that Gemini takes.</summary>
    private const int StopsMax = 5;

    /// <summary>Answers that Gemini gives at most.</summary>
    private const int CandidatesMax = 8;

    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        WriteSampling(writer, request.Sampling, losses);
        WriteBounds(writer, request, losses);
        if (request.Format is { } format)
        {
            writer.WriteString("responseMimeType"u8, "application/json"u8);
            if (format.Schema is { } schema)
            {
                writer.WritePropertyName("responseJsonSchema"u8);
                schema.WriteTo(writer);
            }
        }

        if (request.Reasoning is { } reasoning)
        {
            WriteThinking(writer, reasoning);
        }
    }

    private static void WriteSampling(Utf8JsonWriter writer, Sampling sampling, Losses losses)
    {
        WriteNumber(writer, "temperature"u8, sampling.Temperature);
        WriteNumber(writer, "topP"u8, sampling.TopP);
        WriteNumber(writer, "topK"u8, sampling.TopK > 0 ? sampling.TopK : null);
        WriteNumber(writer, "frequencyPenalty"u8, sampling.FrequencyPenalty);
        WriteNumber(writer, "presencePenalty"u8, sampling.PresencePenalty);
        if (sampling.Seed is < int.MinValue or > int.MaxValue)
        {
            losses.Value(RequestField.Seed, "a seed of 32 bits");
        }
        else
        {
            WriteNumber(writer, "seed"u8, sampling.Seed);
        }

        if (sampling.LogProbs)
        {
            writer.WriteBoolean("responseLogprobs"u8, true);
            WriteNumber(writer, "logprobs"u8, sampling.TopLogProbs > 0 ? sampling.TopLogProbs : null);
        }

        if (sampling.LogitBias is not null)
        {
            losses.Parameter(RequestField.LogitBias);
        }
    }

    private static void WriteBounds(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        if (request.MaxOutputTokens == 0)
        {
            losses.Value(RequestField.MaxOutputTokens, "at least one output token");
        }
        else
        {
            WriteNumber(writer, "maxOutputTokens"u8, request.MaxOutputTokens);
        }

        if (request.N > CandidatesMax)
        {
            losses.Value(RequestField.N, $"at most {CandidatesMax} answers");
        }
        else if (request.N > 1)
        {
            writer.WriteNumber("candidateCount"u8, request.N);
        }

        if (request.Stop.Length > StopsMax)
        {
            losses.Value(RequestField.Stop, $"at most {StopsMax} stop sequences");
        }
        else if (!request.Stop.IsEmpty)
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (string stop in request.Stop)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteThinking(Utf8JsonWriter writer, Reasoning reasoning)
    {
        writer.WriteStartObject("thinkingConfig"u8);
        if (reasoning.ToBudget() is { } budget)
        {
            writer.WriteNumber("thinkingBudget"u8, budget);
        }

        if (reasoning is { Show: true, IsOff: false })
        {
            writer.WriteBoolean("includeThoughts"u8, true);
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, decimal? number)
    {
        if (number is { } given)
        {
            writer.WriteNumber(name, given);
        }
    }
}
