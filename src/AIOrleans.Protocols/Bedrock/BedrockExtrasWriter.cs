using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Writes <c>additionalModelRequestFields</c>: what Converse lacks and the model takes in its own words. What is not documented for a family is refused.</summary>
// Source: docs.aws.amazon.com, "Amazon Bedrock User Guide", "Extended thinking" and "OpenAI models"; "Amazon Nova User Guide", "Complete request schema" and "Extended thinking".
internal static class BedrockExtrasWriter
{
    /// <summary>Least that Anthropic lets a model think.</summary>
    private const long ThinkingTokensMin = 1024;

    /// <summary>Characters of an object without members.</summary>
    private const int EmptyLength = 2;

    public static void Write(
        Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, BedrockFamily family, long maxTokens, Losses losses)
    {
        byte[] extras = JsonInput.Write(inner =>
        {
            inner.WriteStartObject();
            if (!shape.CountsOnly && request.Sampling.TopK is { } topK and > 0)
            {
                WriteTopK(inner, topK, family, losses);
            }

            if (request.Reasoning is { } reasoning)
            {
                WriteReasoning(inner, reasoning, shape, family, maxTokens, losses);
            }

            inner.WriteEndObject();
        });
        if (extras.Length > EmptyLength)
        {
            writer.WritePropertyName("additionalModelRequestFields"u8);
            writer.WriteRawValue(extras, skipInputValidation: true);
        }
    }

    private static void WriteTopK(Utf8JsonWriter writer, long topK, BedrockFamily family, Losses losses)
    {
        switch (family)
        {
            case BedrockFamily.Claude:
                writer.WriteNumber("top_k"u8, topK);
                break;
            case BedrockFamily.Nova or BedrockFamily.Nova2:
                writer.WriteStartObject("inferenceConfig"u8);
                writer.WriteNumber("topK"u8, topK);
                writer.WriteEndObject();
                break;
            default:
                losses.Parameter(RequestField.TopK);
                break;
        }
    }

    private static void WriteReasoning(
        Utf8JsonWriter writer, Reasoning reasoning, UpstreamShape shape, BedrockFamily family, long maxTokens, Losses losses)
    {
        switch (family)
        {
            case BedrockFamily.GptOss:
                WriteEffort(writer, reasoning, losses);
                break;
            case var _ when reasoning.IsOff:
                // Not to think is what happens without the member.
                break;
            case BedrockFamily.Claude when shape.ThinksAdaptively:
                WriteAdaptive(writer, reasoning);
                break;
            case BedrockFamily.Claude:
                WriteBudget(writer, reasoning, maxTokens, losses);
                break;
            case BedrockFamily.Nova2:
                WriteNova(writer, reasoning, losses);
                break;
            default:
                losses.Parameter(RequestField.Reasoning);
                break;
        }
    }

    private static void WriteAdaptive(Utf8JsonWriter writer, Reasoning reasoning)
    {
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, "adaptive"u8);
        writer.WriteEndObject();
        if (reasoning.ToEffort() is { } effort)
        {
            writer.WriteStartObject("output_config"u8);
            writer.WriteString("effort"u8, EffortWords.ToAnthropic(effort));
            writer.WriteEndObject();
        }
    }

    private static void WriteBudget(Utf8JsonWriter writer, Reasoning reasoning, long maxTokens, Losses losses)
    {
        // The budget is a part of maxTokens, and less than it.
        long budget = Math.Min(reasoning.ToBudget() ?? ThinkingTokensMin, maxTokens - 1);
        if (budget < ThinkingTokensMin)
        {
            losses.Value(RequestField.Reasoning, $"thinking only with more than {ThinkingTokensMin} output tokens");
            return;
        }

        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, "enabled"u8);
        writer.WriteNumber("budget_tokens"u8, budget);
        writer.WriteEndObject();
    }

    /// <summary>These models always think.</summary>
    private static void WriteEffort(Utf8JsonWriter writer, Reasoning reasoning, Losses losses)
    {
        if (reasoning.IsOff)
        {
            losses.Value(RequestField.Reasoning, "an effort of 'low', 'medium' or 'high' for this model");
        }
        else if (reasoning.ToEffort() is { } effort)
        {
            writer.WriteString("reasoning_effort"u8, effort switch { <= Effort.Low => "low"u8, Effort.Medium => "medium"u8, _ => "high"u8 });
        }
    }

    private static void WriteNova(Utf8JsonWriter writer, Reasoning reasoning, Losses losses)
    {
        Effort effort = reasoning.ToEffort() ?? Effort.Medium;
        if (effort > Effort.Medium)
        {
            // At high effort it takes no bound on output, and without one nothing could be held.
            losses.Value(RequestField.Reasoning, "an effort of 'low' or 'medium' for this model");
            return;
        }

        writer.WriteStartObject("reasoningConfig"u8);
        writer.WriteString("type"u8, "enabled"u8);
        writer.WriteString("maxReasoningEffort"u8, effort == Effort.Medium ? "medium"u8 : "low"u8);
        writer.WriteEndObject();
    }
}
