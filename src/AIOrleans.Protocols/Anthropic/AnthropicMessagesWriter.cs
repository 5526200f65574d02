using System.Text.Json;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.Anthropic;

/// <summary>Writes <c>system</c> and <c>messages</c>: instructions apart, results of tools as a user's blocks, turns of one side joined.</summary>
internal static class AnthropicMessagesWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalRequest request, Losses losses)
    {
        WriteSystem(writer, request, losses);
        writer.WriteStartArray("messages"u8);
        bool? isUser = null;
        foreach (ChatMessage message in request.Messages)
        {
            if (message.Role is ChatRole.System or ChatRole.Developer)
            {
                continue;
            }

            if (!message.Parts.Any(AnthropicBlocksWriter.IsWritten))
            {
                // Nothing is written; what is lost is told.
                foreach (ChatPart part in message.Parts)
                {
                    AnthropicBlocksWriter.Write(writer, part, losses);
                }

                continue;
            }

            bool isUsers = message.Role != ChatRole.Assistant;
            if (isUsers != isUser)
            {
                EndTurn(writer, isUser);
                isUser = isUsers;
                writer.WriteStartObject();
                writer.WriteString("role"u8, isUsers ? "user"u8 : "assistant"u8);
                writer.WriteStartArray("content"u8);
            }

            LoseName(message, losses);
            foreach (ChatPart part in message.Parts)
            {
                AnthropicBlocksWriter.Write(writer, part, losses);
            }
        }

        EndTurn(writer, isUser);
        writer.WriteEndArray();
        if (isUser is null)
        {
            losses.NoMessages();
        }
    }

    private static void EndTurn(Utf8JsonWriter writer, bool? isUser)
    {
        if (isUser is not null)
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
                writer.WriteStartArray("system"u8);
                isOpen = true;
            }

            foreach (ChatPart part in message.Parts)
            {
                AnthropicBlocksWriter.Write(writer, part, losses);
            }
        }

        if (isOpen)
        {
            writer.WriteEndArray();
        }
    }

    private static void LoseName(ChatMessage message, Losses losses)
    {
        if (message.Name is not null)
        {
            losses.Parameter($"{message.Path}.name");
        }
    }
}
