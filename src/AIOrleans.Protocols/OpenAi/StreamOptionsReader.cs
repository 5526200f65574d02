using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Reads <c>stream_options</c> and remembers where a patch would write.</summary>
internal static class StreamOptionsReader
{
    private const string IncludeUsage = "stream_options.include_usage";

    public static RequestMistake? Read(ref Utf8JsonReader reader, out StreamOptions options)
    {
        int start = (int)reader.TokenStartIndex;
        options = new StreamOptions(JsonKinds.SpanOf(ref reader), IsObject: false, IsEmpty: true, null, IncludeUsage: false);
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return RequestMistake.WrongType("stream_options", "an object", JsonKinds.NameOf(ref reader));
        }

        bool isEmpty = true;
        bool includes = false;
        BodySpan? includeValue = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            if (!reader.ValueTextEquals("include_usage"u8))
            {
                reader.Skip();
                continue;
            }

            if (includeValue is not null)
            {
                return RequestMistake.Duplicate(IncludeUsage);
            }

            reader.Read();
            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            {
                return RequestMistake.WrongType(IncludeUsage, "a boolean", JsonKinds.NameOf(ref reader));
            }

            includeValue = JsonKinds.SpanOf(ref reader);
            includes = reader.TokenType == JsonTokenType.True;
        }

        options = new StreamOptions(new BodySpan(start, (int)reader.BytesConsumed - start), IsObject: true, isEmpty, includeValue, includes);
        return null;
    }
}
