using System.Text.Json;
using AIOrleans.Core.Money;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>A request while it is being read: the top-level members in the order they come.</summary>
/// <remarks>
/// A member that the gateway acts on may appear once only: of duplicates upstreams take the last, and some match names without case,
/// so a second one could smuggle in another model or a larger bound than was authorised.
/// </remarks>
internal sealed class ChatRequestDraft
{
    private const int NMax = 128;

    private static readonly string[] GuardedNames =
        ["model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "service_tier"];

    private readonly ChatMessagesReader messages = new();
    private int seen;
    private string? model;
    private BodySpan modelValue;
    private BodySpan messagesValue;
    private bool stream;
    private long? maxTokens;
    private long? maxCompletionTokens;
    private long? n;
    private ServiceTier? service;
    private StreamOptions options;

    public RequestMistake? Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return RequestMistake.WrongType("body", "an object", JsonKinds.NameOf(ref reader)) with { Param = null };
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadMember(ref reader) is { } mistake)
            {
                return mistake;
            }
        }

        // Anything behind the object is malformed: the reader throws on it.
        reader.Read();
        return FindMissing();
    }

    public ChatRequest ToRequest(ReadOnlyMemory<byte> body) => new()
    {
        Body = body,
        // ! FindMissing returned a mistake otherwise.
        Model = model!,
        Stream = stream,
        IncludeUsageAsked = options.IncludeUsage,
        MaxOutputTokens = maxCompletionTokens ?? maxTokens,
        N = (int)(n ?? 1),
        Service = service,
        MessageCount = messages.Count,
        ImageCount = messages.ImageCount,
        AudioCount = messages.AudioCount,
        FileCount = messages.FileCount,
        InputBytes = body.Length - messages.ImageBytes - messages.AudioBytes,
        AudioBytes = messages.AudioBytes,
        TextBytes = messages.TextBytes,
        Messages = messagesValue,
        ModelValue = modelValue,
        Options = options,
    };

    private RequestMistake? ReadMember(ref Utf8JsonReader reader)
    {
        int index = GuardedIndexOf(ref reader);
        if (index < 0)
        {
            if (MisspeltName(ref reader) is { } meant)
            {
                return RequestMistake.Misspelt(meant);
            }

            return reader.ValueTextEquals("user"u8) ? ReadUser(ref reader) : SkipValue(ref reader);
        }

        if ((seen & (1 << index)) != 0)
        {
            return RequestMistake.Duplicate(GuardedNames[index]);
        }

        seen |= 1 << index;
        reader.Read();
        return index switch
        {
            0 => ReadModel(ref reader),
            1 => ReadMessages(ref reader),
            2 => ReadStream(ref reader),
            3 => StreamOptionsReader.Read(ref reader, out options),
            4 => JsonKinds.ReadCount(ref reader, "max_tokens", int.MaxValue, out maxTokens),
            5 => JsonKinds.ReadCount(ref reader, "max_completion_tokens", int.MaxValue, out maxCompletionTokens),
            6 => JsonKinds.ReadCount(ref reader, "n", NMax, out n),
            _ => ReadService(ref reader),
        };
    }

    private static int GuardedIndexOf(ref Utf8JsonReader reader)
    {
        for (int i = 0; i < GuardedNames.Length; i++)
        {
            if (reader.ValueTextEquals(GuardedNames[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The guarded name that an upstream matching without case would take this one for; null when none.</summary>
    private static string? MisspeltName(ref Utf8JsonReader reader)
    {
        // Plain lower-case names, nearly all there are, need no decoding.
        if (!reader.ValueIsEscaped && !reader.ValueSpan.ContainsAnyExcept(JsonKinds.PlainNameBytes))
        {
            return null;
        }

        // Go's decoder also takes the long s for s and the Kelvin sign for k.
        // ! A property name is never null.
        string folded = reader.GetString()!.Replace('\u017F', 's').Replace('\u212A', 'k').ToLowerInvariant();
        return Array.Find(GuardedNames, name => name == folded);
    }

    private RequestMistake? ReadModel(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return RequestMistake.WrongType("model", "a string", JsonKinds.NameOf(ref reader));
        }

        modelValue = JsonKinds.SpanOf(ref reader);
        model = reader.GetString();
        return model switch
        {
            null or "" => RequestMistake.EmptyText("model"),
            { Length: > ChatRequestReader.ModelLengthMax } => RequestMistake.TooLong("model", ChatRequestReader.ModelLengthMax),
            _ => null,
        };
    }

    private RequestMistake? ReadMessages(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        RequestMistake? mistake = messages.Read(ref reader);
        messagesValue = new BodySpan(start, (int)reader.BytesConsumed - start);
        return mistake;
    }

    private RequestMistake? ReadStream(ref Utf8JsonReader reader)
    {
        stream = reader.TokenType == JsonTokenType.True;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null
            ? null
            : RequestMistake.WrongType("stream", "a boolean", JsonKinds.NameOf(ref reader));
    }

    private RequestMistake? ReadService(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            return RequestMistake.WrongType("service_tier", "a string", JsonKinds.NameOf(ref reader));
        }

        service = ServiceTiers.OfWire(reader.GetString());
        return null;
    }

    private static RequestMistake? ReadUser(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null
            ? null
            : RequestMistake.WrongType("user", "a string", JsonKinds.NameOf(ref reader));
    }

    private static RequestMistake? SkipValue(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return null;
    }

    private RequestMistake? FindMissing()
    {
        if (model is null)
        {
            return RequestMistake.Missing("model");
        }

        return messages.Count == 0 ? RequestMistake.Missing("messages") : null;
    }
}
