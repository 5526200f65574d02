using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Writes a canonical request as the body of <c>:generateContent</c>. Model and stream are in the address.</summary>
internal static class GeminiRequestWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        writer.WriteStartObject();
        if (shape.CountsOnly)
        {
            writer.WriteStartObject("generateContentRequest"u8);
            writer.WriteString("model"u8, GeminiModelNames.ResourceOf(shape.Model));
        }

        GeminiContentsWriter.Write(writer, request, shape, losses);
        WriteTools(writer, request, losses);
        writer.WriteStartObject("generationConfig"u8);
        GeminiConfigWriter.Write(writer, request, losses);
        writer.WriteEndObject();
        if (shape.CountsOnly)
        {
            writer.WriteEndObject();
        }

        if (request.User is not null)
        {
            losses.Harmless(RequestField.User);
        }

        if (request.Verbosity is not (null or "medium"))
        {
            losses.Parameter(RequestField.Verbosity);
        }

        losses.Unknown(request.Unknown);
        writer.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        if (request.Tools.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("tools"u8);
        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations"u8);
        foreach (ChatTool tool in request.Tools)
        {
            WriteTool(writer, tool, losses);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (request.ParallelTools == false)
        {
            losses.Parameter(RequestField.ParallelTools);
        }

        if (request.ToolChoice is not { } choice)
        {
            return;
        }

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartObject("functionCallingConfig"u8);
        writer.WriteString("mode"u8, choice.Use switch { ToolUse.None => "NONE"u8, ToolUse.Required or ToolUse.Named => "ANY"u8, _ => "AUTO"u8 });
        if (choice.Name is { } name)
        {
            writer.WriteStartArray("allowedFunctionNames"u8);
            writer.WriteStringValue(name);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter writer, ChatTool tool, Losses losses)
    {
        if (tool.Cache != CacheMark.None)
        {
            losses.Harmless($"{tool.Path}.cache_control");
        }

        if (tool.Strict == true)
        {
            // There is no such promise; a model that calls a function follows its schema nearly always, and clients check.
            losses.Harmless($"{tool.Path}.strict");
        }

        writer.WriteStartObject();
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is { } about)
        {
            writer.WriteString("description"u8, about);
        }

        if (tool.Schema is { } schema)
        {
            writer.WritePropertyName("parametersJsonSchema"u8);
            schema.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
