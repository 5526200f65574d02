using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Bedrock;

/// <summary>Writes a canonical request as the body of <c>Converse</c> and <c>ConverseStream</c>, which are the same. Model and stream are in the address.</summary>
// Source: docs.aws.amazon.com, "Amazon Bedrock API Reference", API_runtime_Converse and API_runtime_CountTokens.
internal static class BedrockRequestWriter
{
    /// <summary>Stop sequences that Converse takes.</summary>
    private const int StopsMax = 2500;

    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        BedrockFamily family = BedrockFamilies.Of(shape.Model, request.Model);
        long maxTokens = request.MaxOutputTokens is { } asked and > 0 ? asked : shape.OutputTokensMax;
        writer.WriteStartObject();
        if (shape.CountsOnly)
        {
            writer.WriteStartObject("input"u8);
            writer.WriteStartObject("converse"u8);
        }
        else
        {
            WriteInference(writer, request, maxTokens, losses);
            WriteFormat(writer, request.Format, losses);
            WriteWanted(writer, request, family);
        }

        BedrockExtrasWriter.Write(writer, request, shape, family, maxTokens, losses);
        BedrockToolsWriter.Write(writer, request, family, losses);
        BedrockMessagesWriter.Write(writer, request, family, losses);
        if (shape.CountsOnly)
        {
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        LoseOthers(request, losses);
        losses.Unknown(request.Unknown);
        writer.WriteEndObject();
    }

    private static void WriteInference(Utf8JsonWriter writer, CanonicalRequest request, long maxTokens, Losses losses)
    {
        if (request.MaxOutputTokens == 0)
        {
            losses.Value(RequestField.MaxOutputTokens, "at least one output token");
        }

        // The models' own defaults are told nowhere, and what is held for the call is this bound.
        writer.WriteStartObject("inferenceConfig"u8);
        writer.WriteNumber("maxTokens"u8, maxTokens);
        if (request.Sampling.Temperature is > 1)
        {
            losses.Value(RequestField.Temperature, "a temperature of 0 to 1");
        }
        else if (request.Sampling.Temperature is { } temperature)
        {
            writer.WriteNumber("temperature"u8, temperature);
        }

        if (request.Sampling.TopP is { } topP)
        {
            writer.WriteNumber("topP"u8, topP);
        }

        WriteStops(writer, request.Stop, losses);
        writer.WriteEndObject();
    }

    private static void WriteStops(Utf8JsonWriter writer, ImmutableArray<string> stops, Losses losses)
    {
        if (stops.Length > StopsMax)
        {
            losses.Value(RequestField.Stop, $"at most {StopsMax} stop sequences");
        }
        else if (!stops.IsEmpty)
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (string stop in stops)
            {
                writer.WriteStringValue(stop);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteFormat(Utf8JsonWriter writer, OutputFormat? format, Losses losses)
    {
        if (format is null)
        {
            return;
        }

        if (format.Schema is not { } schema)
        {
            losses.Value(RequestField.Format, "structured output with a JSON schema only");
            return;
        }

        writer.WriteStartObject("outputConfig"u8);
        writer.WriteStartObject("textFormat"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("structure"u8);
        writer.WriteStartObject("jsonSchema"u8);
        writer.WriteString("schema"u8, schema.ToCompact());
        if (format.Name is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        if (format.Description is { } about)
        {
            writer.WriteString("description"u8, about);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Asks for the stop sequence that was met: Converse itself does not tell which.</summary>
    private static void WriteWanted(Utf8JsonWriter writer, CanonicalRequest request, BedrockFamily family)
    {
        if (family == BedrockFamily.Claude && !request.Stop.IsEmpty)
        {
            writer.WriteStartArray("additionalModelResponseFieldPaths"u8);
            writer.WriteStringValue("/stop_sequence"u8);
            writer.WriteEndArray();
        }
    }

    /// <summary>What neither Converse nor a model of its has.</summary>
    private static void LoseOthers(CanonicalRequest request, Losses losses)
    {
        Sampling sampling = request.Sampling;
        LoseUnless(sampling.FrequencyPenalty is null or 0, RequestField.FrequencyPenalty, losses);
        LoseUnless(sampling.PresencePenalty is null or 0, RequestField.PresencePenalty, losses);
        LoseUnless(sampling.Seed is null, RequestField.Seed, losses);
        LoseUnless(sampling.LogitBias is null, RequestField.LogitBias, losses);
        LoseUnless(!sampling.LogProbs, RequestField.LogProbs, losses);
        LoseUnless(sampling.TopLogProbs is null or 0, RequestField.TopLogProbs, losses);
        LoseUnless(request.N == 1, RequestField.N, losses);
        LoseUnless(request.Verbosity is null or "medium", RequestField.Verbosity, losses);
        if (request.User is not null)
        {
            losses.Harmless(RequestField.User);
        }
    }

    private static void LoseUnless(bool isKept, RequestField field, Losses losses)
    {
        if (!isKept)
        {
            losses.Parameter(field);
        }
    }
}
