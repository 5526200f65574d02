using System.Globalization;
using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Checks <c>messages</c> and counts what a token estimate needs.</summary>
internal sealed class ChatMessagesReader
{
    public int Count { get; private set; }

    public int ImageCount { get; private set; }

    public int AudioCount { get; private set; }

    public int FileCount { get; private set; }

    public long ImageBytes { get; private set; }

    public long AudioBytes { get; private set; }

    public long TextBytes { get; private set; }

    public RequestMistake? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return RequestMistake.WrongType("messages", "an array of objects", JsonKinds.NameOf(ref reader));
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadMessage(ref reader) is { } mistake)
            {
                return mistake;
            }

            Count++;
        }

        return Count == 0 ? RequestMistake.EmptyArray("messages") : null;
    }

    private RequestMistake? ReadMessage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return RequestMistake.WrongType(Param(""), "an object", JsonKinds.NameOf(ref reader));
        }

        bool hasRole = false;
        bool hasContent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            RequestMistake? mistake = null;
            if (reader.ValueTextEquals("role"u8))
            {
                mistake = hasRole ? RequestMistake.Duplicate(Param(".role")) : ReadRole(ref reader);
                hasRole = true;
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                mistake = hasContent ? RequestMistake.Duplicate(Param(".content")) : ReadContent(ref reader);
                hasContent = true;
            }
            else
            {
                reader.Skip();
            }

            if (mistake is not null)
            {
                return mistake;
            }
        }

        return hasRole ? null : RequestMistake.Missing(Param(".role"));
    }

    private RequestMistake? ReadRole(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            return RequestMistake.WrongType(Param(".role"), "a string", JsonKinds.NameOf(ref reader));
        }

        return reader.ValueSpan.IsEmpty ? RequestMistake.EmptyText(Param(".role")) : null;
    }

    private RequestMistake? ReadContent(ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                TextBytes += JsonKinds.TextBytesOf(ref reader);
                return null;
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.StartArray:
                return ReadParts(ref reader);
            default:
                return RequestMistake.WrongType(Param(".content"), "a string or an array of objects", JsonKinds.NameOf(ref reader));
        }
    }

    private RequestMistake? ReadParts(ref Utf8JsonReader reader)
    {
        int index = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                string param = Param(string.Create(CultureInfo.InvariantCulture, $".content[{index}]"));
                return RequestMistake.WrongType(param, "an object", JsonKinds.NameOf(ref reader));
            }

            ReadPart(ref reader);
            index++;
        }

        return null;
    }

    private void ReadPart(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                TextBytes += reader.TokenType == JsonTokenType.String ? JsonKinds.TextBytesOf(ref reader) : 0;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("image_url"u8))
            {
                ImageCount++;
                ImageBytes += PayloadBytes(ref reader, "url"u8);
            }
            else if (reader.ValueTextEquals("input_audio"u8))
            {
                AudioCount++;
                AudioBytes += PayloadBytes(ref reader, "data"u8);
            }
            else
            {
                FileCount += reader.ValueTextEquals("file"u8) ? 1 : 0;
                reader.Skip();
            }
        }
    }

    /// <summary>Bytes of the string named <paramref name="name"/> in the value that follows, or of the value itself when it is a string.</summary>
    private static long PayloadBytes(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            long own = reader.TokenType == JsonTokenType.String ? reader.ValueSpan.Length : 0;
            reader.Skip();
            return own;
        }

        long bytes = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isPayload = reader.ValueTextEquals(name);
            reader.Read();
            bytes += isPayload && reader.TokenType == JsonTokenType.String ? reader.ValueSpan.Length : 0;
            reader.Skip();
        }

        return bytes;
    }

    private string Param(string rest) => string.Create(CultureInfo.InvariantCulture, $"messages[{Count}]{rest}");
}
