using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>One file of the matrix, and what becomes of it on the other side. The name before the first dot is the case.</summary>
/// <param name="From">Protocol of the file: the client's for requests, the provider's for answers and streams.</param>
/// <param name="Kind"><c>requests</c>, <c>answers</c> or <c>streams</c>.</param>
/// <param name="To">The other side.</param>
public sealed record MatrixCase(string From, string Kind, string Name, string To)
{
    public static readonly IReadOnlyDictionary<string, WireFormat> Formats = new SortedDictionary<string, WireFormat>(StringComparer.Ordinal)
    {
        ["openai"] = WireFormat.OpenAiChat,
        ["anthropic"] = WireFormat.Anthropic,
        ["gemini"] = WireFormat.Gemini,
        ["responses"] = WireFormat.OpenAiResponses,
        ["completions"] = WireFormat.OpenAiCompletions,
        ["embeddings"] = WireFormat.OpenAiEmbeddings,
        ["gemini-embeddings"] = WireFormat.GeminiEmbeddings,
        ["gemini-embed"] = WireFormat.GeminiEmbedContent,
        ["bedrock"] = WireFormat.Bedrock,
    };

    /// <summary>Those that clients speak, too.</summary>
    public static readonly IReadOnlyList<WireFormat> Clients = [.. Formats.Values.Where(format => format != WireFormat.Bedrock)];

    /// <summary>What a model is called there; Bedrock's ids tell whose words it understands.</summary>
    private static readonly Dictionary<string, string> Models = new(StringComparer.Ordinal) { ["bedrock"] = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0" };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly AnswerFrame Frame = new("fallback-id", "alias", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), IncludeUsage: true);

    private string Extension => Kind == "streams" ? ".sse" : ".json";

    /// <summary>Relative to the matrix.</summary>
    public string Source => Path.Combine(From, Kind, Name + Extension);

    /// <summary>Relative to the matrix.</summary>
    public string Expected => Path.Combine(From, Kind, $"{Name}.{To}{Extension}");

    /// <summary>The chat formats that clients as well as providers speak.</summary>
    public static IEnumerable<WireFormat> OfBothSides => Formats.Values.Where(one =>
        (one == WireFormat.OpenAiChat || RequestTranslator.CanTranslate(one, WireFormat.OpenAiChat))
        && (one == WireFormat.Anthropic || RequestTranslator.CanTranslate(WireFormat.Anthropic, one)));

    /// <summary>Every source with every protocol that it can be translated to.</summary>
    public static IEnumerable<MatrixCase> All(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let parts = Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)
        let name = Path.GetFileNameWithoutExtension(path)
        where parts.Length == 3 && !name.Contains('.', StringComparison.Ordinal)
        from to in Formats.Keys
        where parts[1] == "requests" ? RequestTranslator.CanTranslate(Formats[parts[0]], Formats[to]) : RequestTranslator.CanTranslate(Formats[to], Formats[parts[0]])
        select new MatrixCase(parts[0], parts[1], name, to);

    /// <summary>What the other side gets.</summary>
    public string Translate(byte[] source) => Kind switch
    {
        "requests" => Request(source),
        "answers" => Answer(source),
        _ => Stream(source),
    };

    public override string ToString() => $"{From}/{Kind}/{Name} -> {To}";

    private string Request(byte[] source)
    {
        CallAddress address = new("alias", Name.StartsWith("stream", StringComparison.Ordinal));
        UpstreamShape shape = new(Models.GetValueOrDefault(To, "up/model")) { OutputTokensMax = 8192, DropUnsupported = Name.EndsWith("-dropped", StringComparison.Ordinal) };
        (CanonicalRequest? request, RequestMistake? mistake) = RequestTranslator.Read(source, Formats[From], address);
        TranslatedRequest? translated = null;
        if (request is not null)
        {
            (translated, mistake) = RequestTranslator.Write(request, Formats[To], shape);
        }

        JsonObject shown = translated is null
            ? new JsonObject { ["status"] = 400, ["message"] = mistake?.Message, ["param"] = mistake?.Param, ["code"] = mistake?.Code }
            : new JsonObject { ["body"] = JsonNode.Parse(translated.Body.Span), ["omitted"] = new JsonArray([.. translated.Omitted.Select(path => (JsonNode)path)]) };
        return shown.ToJsonString(Indented) + "\n";
    }

    private string Answer(byte[] source)
    {
        CanonicalAnswer? answer = AnswerTranslator.TryRead(source, Formats[From]);
        return answer is null ? "no answer\n" : JsonNode.Parse(AnswerTranslator.Write(answer, Formats[To], Frame).Span)?.ToJsonString(Indented) + "\n";
    }

    private string Stream(byte[] source)
    {
        ArrayBufferWriter<byte> output = new();
        StreamTranslator translator = new(Formats[From], Formats[To], Frame, output);
        using SseReader reader = new();
        reader.Append(source);
        StreamStep step = StreamStep.Forward;
        while (step is StreamStep.Forward or StreamStep.Drop && reader.TryRead(out SseEvent next))
        {
            step = translator.Read(next);
        }

        step = step is StreamStep.Forward or StreamStep.Drop ? translator.End() : step;
        output.Write(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $": {step}, {translator.OutputBytes} bytes in {translator.OutputDeltas} deltas, {translator.FinishReason ?? "no end"}, {Show(translator.Usage)}, {translator.Error?.Message ?? "no error"}\n")));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Show(TokenUsage? usage) => usage is not { } u ? "no usage" : string.Create(
        CultureInfo.InvariantCulture,
        $"in {u.UncachedInput} + cached {u.CacheRead} + written {u.CacheWrite5m}/{u.CacheWrite1h} + audio {u.AudioInput}, out {u.Output} (thoughts {u.Reasoning}) + audio {u.AudioOutput}");
}
