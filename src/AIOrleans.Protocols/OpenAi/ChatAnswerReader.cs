using System.Text.Json;
using System.Text.Unicode;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Reads the body of a complete chat answer.</summary>
public static class ChatAnswerReader
{
    /// <summary>Null when <paramref name="body"/> is no chat answer: not JSON, no <c>choices</c>, or an error in spite of the status. Never throws.</summary>
    public static ChatAnswer? TryRead(ReadOnlySpan<byte> body, TokenFamily family = TokenFamily.Unknown)
    {
        if (!Utf8.IsValid(body))
        {
            return null;
        }

        try
        {
            return Read(body, family);
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

    private static ChatAnswer? Read(ReadOnlySpan<byte> body, TokenFamily family)
    {
        Utf8JsonReader reader = new(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        ChoicesTally tally = new(family, bytesOnly: true);
        Utf8JsonReader choices = default;
        bool hasChoices = false;
        string? id = null;
        string? model = null;
        ServiceTier? service = null;
        TokenUsage? usage = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                choices = reader;
                hasChoices = ChoicesReader.TryRead(ref reader, ref tally) && tally.Count > 0;
                if (!hasChoices)
                {
                    return null;
                }
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                usage = OpenAiUsage.Read(ref reader);
            }
            else
            {
                ReadIdentity(ref reader, ref id, ref model, ref service);
            }
        }

        reader.Read();
        if (!hasChoices)
        {
            return null;
        }

        if (usage is null)
        {
            // Usage stands behind the choices: that it is missing is known only now.
            tally = new ChoicesTally(family);
            ChoicesReader.TryRead(ref choices, ref tally);
        }

        return new ChatAnswer(id, model, tally.FinishReason, usage, service, tally.Written.Bytes, tally.Written.Tokens);
    }

    private static void ReadIdentity(ref Utf8JsonReader reader, ref string? id, ref string? model, ref ServiceTier? service)
    {
        bool isId = reader.ValueTextEquals("id"u8);
        bool isModel = reader.ValueTextEquals("model"u8);
        bool isService = reader.ValueTextEquals("service_tier"u8);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            id = isId ? reader.GetString() : id;
            model = isModel ? reader.GetString() : model;
            service = isService ? ServiceTiers.OfWire(reader.GetString()) : service;
        }

        reader.Skip();
    }
}
