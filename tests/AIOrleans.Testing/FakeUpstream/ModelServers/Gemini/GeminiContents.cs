using System.Text.Json;
using System.Text.Json.Nodes;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Reads <c>contents</c>, checks the order of function calls and their answers, and verifies signatures.</summary>
internal static class GeminiContents
{
    /// <summary>Google's word for a call that another model made.</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    public static void Read(StrictObject body, ModelTask task, Signatures signatures, bool needsSignatures)
    {
        foreach (StrictObject content in body.Objects("contents"))
        {
            content.Only("role", "parts");
            bool isModels = content.TextOrNull("role") switch { null or "user" => false, "model" => true, _ => throw GeminiWords.Refuse("Please use a valid role: user, model.") };
            List<ModelPart> parts = [];
            foreach (StrictObject part in content.Objects("parts"))
            {
                parts.AddRange(ReadPart(part, task, signatures, needsSignatures, isFirstCall: !parts.Any(read => read is ModelPart.Call)));
            }

            if (parts.Count == 0)
            {
                throw GeminiWords.Refuse($"* GenerateContentRequest.{content.Path}.parts: contents.parts must not be empty.\n");
            }

            Add(task.Turns, new ModelTurn(isModels, parts));
        }

        if (task.Turns.Count == 0)
        {
            throw GeminiWords.Instance.Missing("contents");
        }

        if (task.Turns[^1].IsModels && task.Turns[^1].Parts.Any(part => part is ModelPart.Call))
        {
            throw GeminiWords.Refuse("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");
        }
    }

    /// <summary>What a signature of a call is bound to, however its arguments are spaced.</summary>
    public static string Bound(string name, JsonNode? arguments) => name + (arguments?.ToJsonString() ?? "{}");

    private static void Add(List<ModelTurn> turns, ModelTurn turn)
    {
        int calls = turns.Count > 0 && turns[^1].IsModels ? turns[^1].Parts.Count(part => part is ModelPart.Call) : 0;
        int answers = turn.Parts.Count(part => part is ModelPart.Result);
        if (calls != answers)
        {
            throw GeminiWords.Refuse(answers == 0 || calls > 0
                ? "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn."
                : "Please ensure that function response turn comes immediately after a function call turn.");
        }

        if (turn.Parts.Any(part => part is ModelPart.Call) && (turns.Count == 0 || turns[^1].IsModels))
        {
            throw GeminiWords.Refuse("Please ensure that function call turn comes immediately after a user turn or after a function response turn.");
        }

        turns.Add(turn);
    }

    private static List<ModelPart> ReadPart(StrictObject part, ModelTask task, Signatures signatures, bool needsSignatures, bool isFirstCall)
    {
        part.Only("text", "inlineData", "fileData", "functionCall", "functionResponse", "thought", "thoughtSignature", "videoMetadata", "mediaResolution");
        if (part.Has("thoughtSignature") && part.TextOrNull("thoughtSignature") != NoSignature)
        {
            part.Bytes("thoughtSignature");
        }

        if (part.Flag("thought") == true)
        {
            return [new ModelPart.Thought()];
        }

        if (part.TextOrNull("text") is { } text)
        {
            task.Read(text);
            return [new ModelPart.Text(text)];
        }

        if (part.Object("functionCall") is { } call)
        {
            return [ReadCall(part, call, task, signatures, needsSignatures && isFirstCall)];
        }

        if (part.Object("functionResponse") is { } response)
        {
            return [ReadResult(response, task)];
        }

        ModelPart.Media media = part.Object("inlineData") is { } inline
            ? ModelPart.Media.OfBytes(inline.Only("mimeType", "data", "displayName").Text("mimeType"), inline.Bytes("data"))
            : part.Object("fileData") is { } file ? new ModelPart.Media("url", file.Only("mimeType", "fileUri", "displayName").Text("fileUri"))
            : throw GeminiWords.Refuse($"* GenerateContentRequest.{part.Path}.data: required oneof field 'data' must have one initialized field\n");
        task.Read(media);
        return [media];
    }

    private static ModelPart.Call ReadCall(StrictObject part, StrictObject call, ModelTask task, Signatures signatures, bool needsSignature)
    {
        string name = call.Only("id", "name", "args").Text("name");
        JsonElement arguments = call.Object("args")?.Element ?? JsonSerializer.SerializeToElement(new JsonObject());
        string? signature = part.TextOrNull("thoughtSignature");
        if (signature is null && needsSignature)
        {
            throw GeminiWords.Refuse(
                $"Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:{name}`.");
        }

        if (signature is not (null or NoSignature) && !signatures.IsOwn(Bound(name, JsonNode.Parse(arguments.GetRawText())), signature))
        {
            throw GeminiWords.Refuse("Corrupted thought signature.");
        }

        task.Read(arguments.GetRawText());
        return new ModelPart.Call(call.TextOrNull("id") ?? name, name, arguments);
    }

    private static ModelPart.Result ReadResult(StrictObject response, ModelTask task)
    {
        string name = response.Only("id", "name", "response", "willContinue", "scheduling", "parts").Text("name");
        StrictObject value = response.Object("response") ?? throw GeminiWords.Instance.Missing(response.PathOf("response"));
        bool isError = value.Has("error");
        JsonElement told = value.Any("error") ?? value.Any("output") ?? value.Any("result") ?? value.Element;
        string text = told.ValueKind == JsonValueKind.String ? told.GetString() ?? "" : told.GetRawText();
        task.Read(text);
        return new ModelPart.Result(response.TextOrNull("id") ?? name, name, text, isError);
    }
}
