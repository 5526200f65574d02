using System.Globalization;
using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Writes <c>systemInstruction</c> and <c>contents</c>: instructions apart, results of tools as a user's parts, turns of one side joined.</summary>
internal static class GeminiContentsWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, UpstreamShape shape, Losses losses)
    {
        WriteSystem(writer, request, losses);
        GeminiPartsWriter parts = new(writer, losses, NeedsSignatures(shape.Model));
        writer.WriteStartArray("contents"u8);
        bool? isModel = null;
        foreach (ChatMessage message in request.Messages)
        {
            if (message.Role is ChatRole.System or ChatRole.Developer || !message.Parts.Any(GeminiPartsWriter.IsWritten))
            {
                parts.Skip(message);
                continue;
            }

            bool isModels = message.Role == ChatRole.Assistant;
            if (isModels != isModel)
            {
                EndTurn(writer, isModel);
                isModel = isModels;
                writer.WriteStartObject();
                writer.WriteString("role"u8, isModels ? "model"u8 : "user"u8);
                writer.WriteStartArray("parts"u8);
            }

            LoseName(message, losses);
            parts.Write(message);
        }

        EndTurn(writer, isModel);
        writer.WriteEndArray();
        if (isModel is null)
        {
            losses.NoMessages();
        }
    }

    private static void EndTurn(Utf8JsonWriter writer, bool? isModel)
    {
        if (isModel is not null)
        {
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    /// <summary>Instructions can only lead: one in the middle of a conversation would change its place.</summary>
    private static void WriteSystem(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        bool hasBegun = false;
        bool isOpen = false;
        foreach (ChatMessage message in request.Messages)
        {
            if (message.Role is not (ChatRole.System or ChatRole.Developer))
            {
                hasBegun = true;
                continue;
            }

            if (hasBegun)
            {
                losses.Parameter($"{message.Path}.role");
            }

            LoseName(message, losses);
            if (!isOpen)
            {
                writer.WriteStartObject("systemInstruction"u8);
                writer.WriteStartArray("parts"u8);
                isOpen = true;
            }

            foreach (ChatPart part in message.Parts)
            {
                WriteInstruction(writer, part, losses);
            }
        }

        if (isOpen)
        {
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void WriteInstruction(Utf8JsonWriter writer, ChatPart part, Losses losses)
    {
        if (part is not ChatPart.Text text)
        {
            losses.Content(part.Path, "takes only text as instructions");
            return;
        }

        if (part.Cache != CacheMark.None)
        {
            losses.Harmless($"{part.Path}.cache_control");
        }

        writer.WriteStartObject();
        writer.WriteString("text"u8, text.Value);
        writer.WriteEndObject();
    }

    private static void LoseName(ChatMessage message, Losses losses)
    {
        if (message.Name is not null)
        {
            losses.Parameter($"{message.Path}.name");
        }
    }

    /// <summary>From its third generation on, Gemini refuses a function call of an earlier turn that has no signature.</summary>
    // Source: ai.google.dev, "Thought signatures".
    private static bool NeedsSignatures(string model)
    {
        const string Family = "gemini-";
        int at = model.IndexOf(Family, StringComparison.Ordinal);
        ReadOnlySpan<char> rest = at < 0 ? default : model.AsSpan(at + Family.Length);
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(digits < 0 ? rest : rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int generation) && generation >= 3;
    }
}
