using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Translation;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Writes a response around its output: who answered, how it stands, and what was asked, which clients get repeated.</summary>
internal sealed class ResponseFrame(AnswerFrame frame)
{
    private static readonly CanonicalRequest Unknown = new() { Client = WireFormat.OpenAiResponses, Model = "", Messages = [] };

    private readonly CanonicalRequest asked = frame.Request ?? Unknown;

    public string Id { get; set; } = frame.FallbackId;

    public string Model { get; set; } = frame.FallbackModel;

    public TokenUsage? Usage { get; set; }

    public ServiceTier? Service { get; set; }

    /// <summary>Writes the whole object.</summary>
    /// <param name="items">Empty while they are being written.</param>
    /// <param name="cutFrom">Index of the first item that was being written when the answer stopped.</param>
    public void Write(Utf8JsonWriter json, ResponseEnding ending, IReadOnlyList<ResponseItem> items, int cutFrom)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, frame.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("status"u8, ending.Status);
        json.WriteBoolean("background"u8, false);
        WriteError(json, ending.Error);
        WriteIncomplete(json, ending.Reason);
        json.WriteString("instructions"u8, InstructionsOf(asked));
        WriteNumber(json, "max_output_tokens"u8, asked.MaxOutputTokens);
        json.WriteString("model"u8, Model);
        json.WriteStartArray("output"u8);
        foreach (ResponseItem item in items)
        {
            item.Write(json, item.Index < cutFrom ? "completed" : ending.ItemStatus);
        }

        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls"u8, asked.ParallelTools ?? true);
        json.WriteNull("previous_response_id"u8);
        WriteReasoning(json);
        if (Service is { } service)
        {
            json.WriteString("service_tier"u8, service == ServiceTier.Standard ? "default" : ServiceTiers.NameOf(service));
        }

        // Nothing of it is kept: it cannot be gone on with by its id.
        json.WriteBoolean("store"u8, false);
        WriteNumber(json, "temperature"u8, asked.Sampling.Temperature);
        WriteText(json);
        WriteTools(json);
        WriteNumber(json, "top_p"u8, asked.Sampling.TopP);
        json.WriteString("truncation"u8, "disabled"u8);
        json.WritePropertyName("usage"u8);
        WriteUsage(json);
        json.WriteString("user"u8, asked.User);
        WriteMetadata(json);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, OpenAiError? error)
    {
        if (error is null)
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, error.Code ?? error.Type);
        json.WriteString("message"u8, error.Message);
        json.WriteEndObject();
    }

    private static void WriteIncomplete(Utf8JsonWriter json, string? reason)
    {
        if (reason is null)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, reason);
        json.WriteEndObject();
    }

    private static string? InstructionsOf(CanonicalRequest asked) =>
        asked.Messages is [{ Path: "instructions", Parts: [ChatPart.Text only] }, ..] ? only.Value : null;

    private void WriteReasoning(Utf8JsonWriter json)
    {
        json.WriteStartObject("reasoning"u8);
        json.WriteString("effort"u8, asked.Reasoning?.Effort is { } effort ? EffortWords.ToOpenAi(effort) : null);
        json.WriteString("summary"u8, asked.Reasoning?.Show == true ? "auto" : null);
        json.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter json)
    {
        json.WriteStartObject("text"u8);
        json.WriteStartObject("format"u8);
        switch (asked.Format)
        {
            case null:
                json.WriteString("type"u8, "text"u8);
                break;
            case { Schema: { } schema } format:
                json.WriteString("type"u8, "json_schema"u8);
                json.WriteString("name"u8, format.Name ?? "answer");
                json.WriteString("description"u8, format.Description);
                json.WritePropertyName("schema"u8);
                schema.WriteCompact(json);
                if (format.Strict is { } strict)
                {
                    json.WriteBoolean("strict"u8, strict);
                }

                break;
            default:
                json.WriteString("type"u8, "json_object"u8);
                break;
        }

        json.WriteEndObject();
        if (asked.Verbosity is { } verbosity)
        {
            json.WriteString("verbosity"u8, verbosity);
        }

        json.WriteEndObject();
    }

    private void WriteTools(Utf8JsonWriter json)
    {
        if (asked.ToolChoice is { Name: { } name })
        {
            json.WriteStartObject("tool_choice"u8);
            json.WriteString("type"u8, "function"u8);
            json.WriteString("name"u8, name);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("tool_choice"u8, asked.ToolChoice?.Use switch { ToolUse.None => "none"u8, ToolUse.Required => "required"u8, _ => "auto"u8 });
        }

        json.WriteStartArray("tools"u8);
        foreach (ChatTool tool in asked.Tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            OpenAiRequestWriter.WriteFunction(json, tool with { Schema = null, Strict = null });
            json.WritePropertyName("parameters"u8);
            if (tool.Schema is { } schema)
            {
                schema.WriteCompact(json);
            }
            else
            {
                json.WriteNullValue();
            }

            json.WritePropertyName("strict"u8);
            if (tool.Strict is { } strict)
            {
                json.WriteBooleanValue(strict);
            }
            else
            {
                json.WriteNullValue();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteUsage(Utf8JsonWriter json)
    {
        if (Usage is { } usage)
        {
            ResponsesUsage.Write(json, usage);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        json.WritePropertyName("metadata"u8);
        foreach (UnknownField field in asked.Unknown)
        {
            if (field.Path == "metadata")
            {
                field.Value.WriteCompact(json);
                return;
            }
        }

        json.WriteStartObject();
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? number)
    {
        if (number is { } given)
        {
            json.WriteNumber(name, given);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
