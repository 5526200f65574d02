using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>Writes a canonical request as the body of <c>POST /v1/chat/completions</c>.</summary>
internal static class OpenAiRequestWriter
{
    /// <summary>Stop sequences that OpenAI takes.</summary>
    private const int StopsMax = 4;

    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, shape.Model);
        WriteBounds(writer, request, shape, losses);
        if (request.Stream)
        {
            writer.WriteBoolean("stream"u8, true);
            writer.WriteStartObject("stream_options"u8);
            writer.WriteBoolean("include_usage"u8, true);
            writer.WriteEndObject();
        }

        WriteSampling(writer, request.Sampling, losses);
        WriteStop(writer, request, losses);
        if (request.Reasoning is { IsOff: true })
        {
            // Most models either cannot think or do not take "none"; a thought more changes the price, not what was asked.
            losses.Harmless(RequestField.Reasoning);
        }
        else if (request.Reasoning?.ToEffort() is { } effort)
        {
            writer.WriteString("reasoning_effort"u8, EffortWords.ToOpenAi(effort));
        }

        if (request.Verbosity is { } verbosity)
        {
            writer.WriteString("verbosity"u8, verbosity);
        }

        if (request.User is { } user)
        {
            writer.WriteString("user"u8, user);
        }

        WriteFormat(writer, request.Format);
        WriteTools(writer, request, losses);
        writer.WriteStartArray("messages"u8);
        foreach (ChatMessage message in request.Messages)
        {
            OpenAiMessagesWriter.Write(writer, message, losses);
        }

        writer.WriteEndArray();
        losses.Unknown(request.Unknown);
        writer.WriteEndObject();
    }

    private static void WriteBounds(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        if (request.MaxOutputTokens == 0)
        {
            losses.Value(RequestField.MaxOutputTokens, "at least one output token");
        }
        else if (request.MaxOutputTokens is { } maxTokens)
        {
            writer.WriteNumber(shape.UsesMaxTokens ? "max_tokens"u8 : "max_completion_tokens"u8, maxTokens);
        }

        if (request.N > 1)
        {
            writer.WriteNumber("n"u8, request.N);
        }
    }

    private static void WriteSampling(Utf8JsonWriter writer, Sampling sampling, Losses losses)
    {
        WriteNumber(writer, "temperature"u8, sampling.Temperature);
        WriteNumber(writer, "top_p"u8, sampling.TopP);
        WriteNumber(writer, "frequency_penalty"u8, sampling.FrequencyPenalty);
        WriteNumber(writer, "presence_penalty"u8, sampling.PresencePenalty);
        WriteNumber(writer, "seed"u8, sampling.Seed);
        if (sampling.TopK is > 0)
        {
            losses.Parameter(RequestField.TopK);
        }

        if (sampling.LogProbs)
        {
            writer.WriteBoolean("logprobs"u8, true);
            WriteNumber(writer, "top_logprobs"u8, sampling.TopLogProbs);
        }

        if (sampling.LogitBias is { } bias)
        {
            writer.WritePropertyName("logit_bias"u8);
            bias.WriteTo(writer);
        }
    }

    private static void WriteStop(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        if (request.Stop.Length > StopsMax)
        {
            losses.Value(RequestField.Stop, $"at most {StopsMax} stop sequences");
            return;
        }

        if (!request.Stop.IsEmpty)
        {
            writer.WriteStartArray("stop"u8);
            foreach (string stop in request.Stop)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteFormat(Utf8JsonWriter writer, OutputFormat? format)
    {
        if (format is null)
        {
            return;
        }

        writer.WriteStartObject("response_format"u8);
        if (format.Schema is not { } schema)
        {
            writer.WriteString("type"u8, "json_object"u8);
        }
        else
        {
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteStartObject("json_schema"u8);

            // OpenAI wants a name and shows it to the model; the others have none.
            writer.WriteString("name"u8, format.Name ?? "answer");
            if (format.Description is { } about)
            {
                writer.WriteString("description"u8, about);
            }

            writer.WritePropertyName("schema"u8);
            schema.WriteTo(writer);
            if (format.Strict is { } strict)
            {
                writer.WriteBoolean("strict"u8, strict);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        if (request.Tools.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        foreach (ChatTool tool in request.Tools)
        {
            OpenAiMessagesWriter.LoseCache(tool.Cache, tool.Path, losses);
            writer.WriteStartObject();
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            WriteFunction(writer, tool);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (request.ToolChoice is { } choice)
        {
            WriteChoice(writer, choice);
        }

        if (request.ParallelTools is { } parallel)
        {
            writer.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    /// <summary>Writes the members of a function: name, description, parameters, strict.</summary>
    internal static void WriteFunction(Utf8JsonWriter writer, ChatTool tool)
    {
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is { } about)
        {
            writer.WriteString("description"u8, about);
        }

        if (tool.Schema is { } schema)
        {
            writer.WritePropertyName("parameters"u8);
            schema.WriteTo(writer);
        }

        if (tool.Strict is { } strict)
        {
            writer.WriteBoolean("strict"u8, strict);
        }
    }

    private static void WriteChoice(Utf8JsonWriter writer, ToolChoice choice)
    {
        if (choice.Name is { } name)
        {
            writer.WriteStartObject("tool_choice"u8);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, name);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("tool_choice"u8, choice.Use switch { ToolUse.None => "none"u8, ToolUse.Required => "required"u8, _ => "auto"u8 });
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, decimal? number)
    {
        if (number is { } given)
        {
            writer.WriteNumber(name, given);
        }
    }
}
