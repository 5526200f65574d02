using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Bedrock;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.Gemini.Embeddings;
using AIOrleans.Protocols.Json;
using AIOrleans.Protocols.OpenAi.Prompts;
using AIOrleans.Protocols.OpenAi.Responses;
using AIOrleans.Protocols.OpenAi.Translation;

namespace AIOrleans.Protocols.Chat;

/// <summary>Reads a provider's complete answer into the canonical model, and writes it for a client of another protocol.</summary>
public static class AnswerTranslator
{
    /// <summary>Null when <paramref name="body"/> is no answer: not JSON, an error in spite of the status, or nothing a client could use. Never throws.</summary>
    /// <returns>The answer refers to <paramref name="body"/>.</returns>
    public static CanonicalAnswer? TryRead(ReadOnlyMemory<byte> body, WireFormat provider)
    {
        using JsonDocument? document = JsonInput.TryParse(body);
        if (document?.RootElement.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        RequestReading reading = new(body);
        CanonicalAnswer? answer = provider switch
        {
            WireFormat.OpenAiChat => OpenAiAnswerReader.Read(document.RootElement, reading),
            WireFormat.OpenAiEmbeddings => EmbeddingsVectorsReader.Read(document.RootElement, reading),
            WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent => GeminiVectors.Read(document.RootElement, provider, reading),
            WireFormat.Anthropic => AnthropicAnswerReader.Read(document.RootElement, reading),
            WireFormat.Gemini => GeminiAnswerReader.Read(document.RootElement, reading),
            WireFormat.Bedrock => BedrockAnswerReader.Read(document.RootElement, reading),
            _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "No reader of this format."),
        };
        return reading.Mistake is null ? answer : null;
    }

    /// <summary>The body for the client.</summary>
    public static ReadOnlyMemory<byte> Write(CanonicalAnswer answer, WireFormat client, AnswerFrame frame)
    {
        ArrayBufferWriter<byte> output = new(1024);
        using (Utf8JsonWriter writer = new(output, JsonInput.WriterOptions))
        {
            switch (client)
            {
                case WireFormat.OpenAiChat:
                    OpenAiAnswerWriter.Write(writer, answer, frame);
                    break;
                case WireFormat.OpenAiResponses:
                    ResponsesAnswerWriter.Write(writer, answer, frame);
                    break;
                case WireFormat.OpenAiCompletions:
                    CompletionsAnswerWriter.Write(writer, answer, frame);
                    break;
                case WireFormat.OpenAiEmbeddings:
                    EmbeddingsAnswerWriter.Write(writer, answer, frame);
                    break;
                case WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent:
                    GeminiVectors.Write(writer, answer, client);
                    break;
                case WireFormat.Anthropic:
                    AnthropicAnswerWriter.Write(writer, answer, frame);
                    break;
                case WireFormat.Gemini:
                    GeminiAnswerWriter.Write(writer, answer, frame);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(client), client, "No writer of this format.");
            }
        }

        return output.WrittenMemory;
    }
}
