using System.Text.Json;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi.Prompts;

/// <summary>Reads the usage of an answer of <c>POST /v1/embeddings</c>, passing over the vectors, which may be megabytes.</summary>
internal static class EmbeddingsAnswerReader
{
    /// <summary>No model reads a thousandth of this in one call.</summary>
    private const long TokensMax = 1_000_000_000;

    /// <summary>Null when <paramref name="body"/> is no list of vectors. Never throws.</summary>
    public static ChatAnswer? TryRead(ReadOnlySpan<byte> body)
    {
        try
        {
            return Read(body);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode text.
            return null;
        }
    }

    private static ChatAnswer? Read(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        bool hasVectors = false;
        string? model = null;
        TokenUsage? usage = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isModel = reader.ValueTextEquals("model"u8);
            bool isVectors = reader.ValueTextEquals("data"u8);
            bool isUsage = reader.ValueTextEquals("usage"u8);
            reader.Read();
            hasVectors |= isVectors && reader.TokenType == JsonTokenType.StartArray;
            model = isModel && reader.TokenType == JsonTokenType.String ? reader.GetString() : model;
            if (isUsage && reader.TokenType == JsonTokenType.StartObject)
            {
                usage = ReadUsage(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read();
        return hasVectors ? new ChatAnswer(null, model, null, usage, null, 0, 0) : null;
    }

    private static TokenUsage? ReadUsage(ref Utf8JsonReader reader)
    {
        long? tokens = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isPrompt = reader.ValueTextEquals("prompt_tokens"u8);
            reader.Read();
            if (isPrompt && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number is > 0 and <= TokensMax)
            {
                tokens = number;
            }

            reader.Skip();
        }

        return tokens is { } told ? new TokenUsage { UncachedInput = told } : null;
    }
}
