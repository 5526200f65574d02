using System.Text.Json;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Adds up what the <c>choices</c> of chunks and answers hold.</summary>
/// <param name="bytesOnly">As <see cref="TextTally"/>.</param>
internal struct ChoicesTally(TokenFamily family, bool bytesOnly = false)
{
    /// <summary>Elements seen in the last array read.</summary>
    public int Count;

    /// <summary>Everything the model wrote: content, reasoning, refusals, tool names and arguments.</summary>
    public TextTally Written = new(family, bytesOnly);

    /// <summary>Choices that brought any text.</summary>
    public int Deltas;

    /// <summary>The last one told.</summary>
    public string? FinishReason;
}

/// <summary>Reads a <c>choices</c> array.</summary>
internal static class ChoicesReader
{
    /// <summary>Reads the value under the reader.</summary>
    /// <returns>False when it is not an array of objects.</returns>
    public static bool TryRead(ref Utf8JsonReader reader, ref ChoicesTally tally)
    {
        tally.Count = 0;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            ReadChoice(ref reader, ref tally);
            tally.Count++;
        }

        return true;
    }

    private static void ReadChoice(ref Utf8JsonReader reader, ref ChoicesTally tally)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                long bytes = ReadTexts(ref reader, ref tally.Written);
                tally.Deltas += bytes > 0 ? 1 : 0;
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                // Legacy completions have their text here.
                reader.Read();
                long bytes = reader.TokenType == JsonTokenType.String ? tally.Written.Add(ref reader) : 0;
                tally.Deltas += bytes > 0 ? 1 : 0;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                tally.FinishReason = reader.TokenType == JsonTokenType.String ? reader.GetString() : tally.FinishReason;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Adds every string below the value, whatever its name: servers invent places for reasoning faster than one can list them.</summary>
    private static long ReadTexts(ref Utf8JsonReader reader, ref TextTally written)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return 0;
        }

        long bytes = 0;
        int depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.PropertyName && IsNoText(ref reader))
            {
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.String)
            {
                bytes += written.Add(ref reader);
            }
        }

        return bytes;
    }

    /// <summary>Names whose strings the model did not write; <c>data</c> is audio in base64.</summary>
    private static bool IsNoText(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("role"u8) || reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("type"u8)
        || reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("annotations"u8);
}
