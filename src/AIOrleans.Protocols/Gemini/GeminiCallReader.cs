using System.Text.Json;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Gemini;

/// <summary>Reads the facts of <c>:generateContent</c>, <c>:streamGenerateContent</c> and <c>:countTokens</c>.</summary>
internal static class GeminiCallReader
{
    private const int CandidatesMax = 128;

    private static readonly string[] Guarded = ["contents", "generationConfig", "systemInstruction", "tools", "cachedContent"];

    public static CallFacts Read(JsonElement root, ReadOnlyMemory<byte> body, CallAddress address, RequestReading reading)
    {
        reading.CheckModel(address.Model, "model");
        GeminiMembers request = GeminiMembers.Of(root, "", reading);
        if (address.CountsOnly && request.Has("generateContentRequest"))
        {
            request = GeminiMembers.Of(request["generateContentRequest"], "generateContentRequest", reading);
        }

        foreach ((string name, JsonElement _) in request)
        {
            GuardedNames.Check(name, Guarded, reading);
        }

        JsonElement config = request["generationConfig"];
        GeminiMembers members = GeminiMembers.Of(config, "generationConfig", reading);
        if (config.ValueKind != JsonValueKind.Undefined)
        {
            reading.IsObject(config, "", "generationConfig");
        }

        InputTally tally = new();
        int count = WalkContents(request["contents"], "contents", reading, tally);
        WalkContents(request["systemInstruction"], "systemInstruction", reading, tally);
        tally.ReadsMore |= request.Has("cachedContent") || RunsTools(request["tools"]);
        if (count == 0)
        {
            reading.Fail(RequestMistake.Missing("contents"));
        }

        return new CallFacts
        {
            Format = WireFormat.Gemini,
            Body = body,
            Model = address.Model,
            Stream = address.Stream,
            MaxOutputTokens = address.CountsOnly ? 0 : Whole(members, "maxOutputTokens", int.MaxValue, reading),
            N = (int)(Whole(members, "candidateCount", CandidatesMax, reading) ?? 1),
            MessageCount = count,
            ImageCount = tally.Images,
            AudioCount = tally.Sounds,
            FileCount = tally.Files,
            ReadsMore = tally.ReadsMore,
            InputBytes = body.Length - tally.PayloadBytes,
            TextBytes = tally.TextBytes,
        };
    }

    private static long? Whole(GeminiMembers config, string name, long max, RequestReading reading) =>
        config.Has(name) ? reading.Whole(config[name], "generationConfig", name, 1, max) : null;

    /// <summary>Counts contents; Google takes one object for an array of one.</summary>
    private static int WalkContents(JsonElement value, string path, RequestReading reading, InputTally tally)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined:
                return 0;
            case JsonValueKind.String:
                tally.AddText(value);
                return 1;
            case JsonValueKind.Object:
                WalkParts(GeminiMembers.Of(value, path, reading)["parts"], path, reading, tally);
                return 1;
            case JsonValueKind.Array:
                int count = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    string own = RequestReading.At(path, count++);
                    if (item.ValueKind == JsonValueKind.Object)
                    {
                        WalkParts(GeminiMembers.Of(item, own, reading)["parts"], own, reading, tally);
                    }
                    else
                    {
                        reading.WrongType(item, own, "", "an object");
                    }
                }

                return count;
            default:
                reading.WrongType(value, "", path, "an array");
                return 0;
        }
    }

    internal static void WalkParts(JsonElement value, string path, RequestReading reading, InputTally tally)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            WalkPart(value, path, reading, tally);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement part in value.EnumerateArray())
            {
                WalkPart(part, path, reading, tally);
            }
        }
    }

    private static void WalkPart(JsonElement value, string path, RequestReading reading, InputTally tally)
    {
        GeminiMembers part = GeminiMembers.Of(value, path, reading);
        tally.AddText(part["text"]);
        foreach (string name in (ReadOnlySpan<string>)["inlineData", "fileData"])
        {
            if (!part.Has(name))
            {
                continue;
            }

            GeminiMembers media = GeminiMembers.Of(part[name], path, reading);
            string type = media["mimeType"] is { ValueKind: JsonValueKind.String } given ? given.GetString() ?? "" : "";
            JsonElement payload = media["data"];
            if (type.StartsWith("image/", StringComparison.Ordinal))
            {
                tally.AddImage(payload);
            }
            else if (type.StartsWith("audio/", StringComparison.Ordinal))
            {
                tally.AddSound(payload);
            }
            else
            {
                tally.AddFile();
            }
        }

        if (part.Has("functionResponse"))
        {
            WalkParts(GeminiMembers.Of(part["functionResponse"], path, reading)["parts"], path, reading, tally);
        }
    }

    /// <summary>True for tools that run at Google and feed the model what they find.</summary>
    private static bool RunsTools(JsonElement tools) => tools.ValueKind switch
    {
        JsonValueKind.Array => tools.EnumerateArray().Any(RunsTools),
        JsonValueKind.Object => tools.EnumerateObject().Any(member => !member.NameEquals("functionDeclarations"u8) && !member.NameEquals("function_declarations"u8)),
        _ => false,
    };
}
