using System.Collections.Immutable;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>Checks that every part stands where all protocols have a place for it: models call and think, clients answer calls.</summary>
internal static class PartPlaces
{
    public static void Check(ImmutableArray<ChatMessage> messages, RequestReading reading)
    {
        foreach (ChatMessage message in messages)
        {
            bool isModels = message.Role == ChatRole.Assistant;
            foreach (ChatPart part in message.Parts)
            {
                bool isOfModel = part is ChatPart.ToolCall or ChatPart.Thinking or ChatPart.Refusal;
                if (isOfModel && !isModels)
                {
                    reading.Fail(RequestMistake.BadValue(part.Path, "tool calls, thoughts and refusals in the model's own turns only"));
                }
                else if (part is ChatPart.ToolResult result)
                {
                    CheckResult(result, isModels, reading);
                }
            }
        }
    }

    private static void CheckResult(ChatPart.ToolResult result, bool isModels, RequestReading reading)
    {
        if (isModels)
        {
            reading.Fail(RequestMistake.BadValue(result.Path, "results of tools in the client's turns only"));
        }

        foreach (ChatPart inner in result.Parts)
        {
            if (inner is ChatPart.ToolCall or ChatPart.ToolResult or ChatPart.Thinking or ChatPart.Refusal)
            {
                reading.Fail(RequestMistake.BadValue(inner.Path, "text, images and files as the result of a tool"));
            }
        }
    }
}
