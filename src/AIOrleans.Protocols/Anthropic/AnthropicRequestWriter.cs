using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Writes a canonical request as the body of <c>POST /v1/messages</c>.</summary>
internal static class AnthropicRequestWriter
{
    /// <summary>Least that Anthropic lets a model think.</summary>
    private const long ThinkingTokensMin = 1024;

    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        long maxTokens = request.MaxOutputTokens ?? shape.OutputTokensMax;
        writer.WriteStartObject();
        writer.WriteString("model"u8, shape.Model);
        if (!shape.CountsOnly)
        {
            WriteGeneration(writer, request, maxTokens, losses);
        }

        WriteThinking(writer, request, shape, maxTokens, losses);
        WriteOutput(writer, request, shape, losses);
        WriteTools(writer, request);
        AnthropicMessagesWriter.Write(writer, request, losses);
        if (request.N > 1)
        {
            losses.Parameter(RequestField.N);
        }

        if (request.Verbosity is not (null or "medium"))
        {
            losses.Parameter(RequestField.Verbosity);
        }

        losses.Unknown(request.Unknown);
        writer.WriteEndObject();
    }

    /// <summary>What makes an answer, and has no place where tokens are only counted.</summary>
    private static void WriteGeneration(Utf8JsonWriter writer, CanonicalRequest request, long maxTokens, Losses losses)
    {
        writer.WriteNumber("max_tokens"u8, maxTokens);
        if (request.Stream)
        {
            writer.WriteBoolean("stream"u8, true);
        }

        WriteSampling(writer, request.Sampling, losses);
        if (!request.Stop.IsEmpty)
        {
            writer.WriteStartArray("stop_sequences"u8);
            foreach (string stop in request.Stop)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }

        if (request.User is { } user)
        {
            writer.WriteStartObject("metadata"u8);
            writer.WriteString("user_id"u8, user);
            writer.WriteEndObject();
        }
    }

    private static void WriteSampling(Utf8JsonWriter writer, Sampling sampling, Losses losses)
    {
        if (sampling.Temperature is > 1)
        {
            losses.Value(RequestField.Temperature, "a temperature of 0 to 1");
        }
        else if (sampling.Temperature is { } temperature)
        {
            writer.WriteNumber("temperature"u8, temperature);
        }

        if (sampling.TopP is { } topP)
        {
            writer.WriteNumber("top_p"u8, topP);
        }

        // Below one means "all" where it is allowed, which is what no limit means.
        if (sampling.TopK is { } topK and > 0)
        {
            writer.WriteNumber("top_k"u8, topK);
        }

        LoseUnless(sampling.FrequencyPenalty is null or 0, RequestField.FrequencyPenalty, losses);
        LoseUnless(sampling.PresencePenalty is null or 0, RequestField.PresencePenalty, losses);
        LoseUnless(sampling.Seed is null, RequestField.Seed, losses);
        LoseUnless(sampling.LogitBias is null, RequestField.LogitBias, losses);
        LoseUnless(!sampling.LogProbs, RequestField.LogProbs, losses);
        LoseUnless(sampling.TopLogProbs is null or 0, RequestField.TopLogProbs, losses);
    }

    private static void LoseUnless(bool isKept, RequestField field, Losses losses)
    {
        if (!isKept)
        {
            losses.Parameter(field);
        }
    }

    private static void WriteThinking(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, long maxTokens, Losses losses)
    {
        // Not to think is what happens without the member.
        if (request.Reasoning is not { IsOff: false } reasoning)
        {
            return;
        }

        if (shape.ThinksAdaptively)
        {
            writer.WriteStartObject("thinking"u8);
            writer.WriteString("type"u8, "adaptive"u8);
            writer.WriteEndObject();
            return;
        }

        // The budget is a part of max_tokens, and less than it.
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

    private static void WriteOutput(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        Effort? effort = shape.ThinksAdaptively && request.Reasoning is { IsOff: false } reasoning ? reasoning.ToEffort() : null;
        if (request.Format is { Schema: null })
        {
            losses.Value(RequestField.Format, "structured output with a JSON schema only");
        }

        if (effort is null && request.Format?.Schema is null)
        {
            return;
        }

        writer.WriteStartObject("output_config"u8);
        if (effort is { } word)
        {
            writer.WriteString("effort"u8, EffortWords.ToAnthropic(word));
        }

        if (request.Format?.Schema is { } schema)
        {
            writer.WriteStartObject("format"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WritePropertyName("schema"u8);
            schema.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter writer, CanonicalRequest request)
    {
        if (request.Tools.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        foreach (ChatTool tool in request.Tools)
        {
            WriteTool(writer, tool);
        }

        writer.WriteEndArray();
        bool isSerial = request.ParallelTools == false;
        if (request.ToolChoice is null && !isSerial)
        {
            return;
        }

        ToolChoice choice = request.ToolChoice ?? new ToolChoice(ToolUse.Auto);
        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, choice.Use switch { ToolUse.Required => "any"u8, ToolUse.None => "none"u8, ToolUse.Named => "tool"u8, _ => "auto"u8 });
        if (choice.Name is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        if (isSerial && choice.Use != ToolUse.None)
        {
            writer.WriteBoolean("disable_parallel_tool_use"u8, true);
        }

        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, ChatTool tool)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is { } about)
        {
            writer.WriteString("description"u8, about);
        }

        writer.WritePropertyName("input_schema"u8);
        if (tool.Schema is { } schema)
        {
            schema.WriteTo(writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "object"u8);
            writer.WriteEndObject();
        }

        if (tool.Strict == true)
        {
            writer.WriteBoolean("strict"u8, true);
        }

        CacheMarks.Write(writer, tool.Cache);
        writer.WriteEndObject();
    }
}
