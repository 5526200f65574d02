using System.Text.Json;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Responses;

/// <summary>Writes a complete answer as <c>POST /v1/responses</c> gives it. Its clients cannot ask for several, so there is one choice.</summary>
internal static class ResponsesAnswerWriter
{
    public static void Write(Utf8JsonWriter writer, CanonicalAnswer answer, AnswerFrame frame)
    {
        ChatChoice choice = answer.Choices[0];
        ResponseFrame response = new(frame) { Usage = answer.Usage, Service = answer.Service };
        response.Id = answer.Id ?? response.Id;
        response.Model = answer.Model ?? response.Model;
        List<ResponseItem> items = [];
        RawJson? logProbs = choice.LogProbs;
        foreach (ChatPart part in choice.Parts)
        {
            Add(items, part, response.Id, ref logProbs);
        }

        ResponseEnding ending = ResponseEnding.Of(choice.Stop, choice.Parts.Any(part => part is ChatPart.Refusal));
        response.Write(writer, ending, items, cutFrom: items.Count - 1);
    }

    /// <summary>Parts of unknown kinds come from tools of the provider's own, which no client of another protocol can have asked for: they are left out.</summary>
    private static void Add(List<ResponseItem> items, ChatPart part, string responseId, ref RawJson? logProbs)
    {
        switch (part)
        {
            case ChatPart.Text { Value.Length: > 0 } text:
                Say(items, PartKind.Text, text.Value, responseId).AddLogProbs(logProbs);
                logProbs = null;
                break;
            case ChatPart.Refusal refusal:
                Say(items, PartKind.Refusal, refusal.Value, responseId);
                break;
            case ChatPart.Thinking thought:
                ResponseItem reasoning = new(PartKind.Thinking, responseId, items.Count) { Encrypted = ForeignSignature.ForResponses(thought.Signature, thought.Redacted) };
                reasoning.Text.Append(thought.Value);
                items.Add(reasoning);
                break;
            case ChatPart.ToolCall call:
                if (call.Signature is { } signature)
                {
                    // A call has no place for it; the client sends thoughts back unchanged, in front of their call.
                    items.Add(new ResponseItem(PartKind.Thinking, responseId, items.Count) { Encrypted = ForeignSignature.Mark(signature) });
                }

                ResponseItem function = new(PartKind.ToolCall, responseId, items.Count) { CallId = call.Id, Name = call.Name };
                function.Text.Append(call.Arguments.Length == 0 ? "{}" : call.Arguments);
                items.Add(function);
                break;
        }
    }

    /// <summary>Texts that follow one another are parts of one message.</summary>
    private static ResponsePart Say(List<ResponseItem> items, PartKind kind, string text, string responseId)
    {
        if (items is not [.., { Kind: PartKind.Text } message])
        {
            message = new ResponseItem(PartKind.Text, responseId, items.Count);
            items.Add(message);
        }

        message.AddPart(kind);
        message.LastPart.Text.Append(text);
        return message.LastPart;
    }
}
