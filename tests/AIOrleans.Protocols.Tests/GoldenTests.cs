using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests;

/// <summary>
/// Every file in <c>Golden/</c> with the <c>.expected</c> beside it: the list of files is what we are compatible with.
/// <c>GOLDEN_WRITE=1 dotnet test</c> writes them anew; a changed one needs a commit that says why.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Requests => FilesOf("requests");

    public static TheoryData<string> Streams => FilesOf("streams");

    public static TheoryData<string> Answers => FilesOf("answers");

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_is_read_and_patched_as_before(string file) => Check("requests", file, bytes =>
    {
        (ChatRequest? request, RequestMistake? mistake) = ChatRequestReader.Read(bytes);
        return request is null ? $"mistake {mistake}\n" : string.Create(
            CultureInfo.InvariantCulture,
            $"""
            model {request.Model}
            stream {request.Stream}, usage asked {request.IncludeUsageAsked}, max {request.MaxOutputTokens}, n {request.N}
            messages {request.MessageCount}, images {request.ImageCount}, audio {request.AudioCount} ({request.AudioBytes} bytes), files {request.FileCount}
            input bytes {request.InputBytes} of {request.Body.Length}, text bytes {request.TextBytes}

            {Encoding.UTF8.GetString(ChatRequestPatch.Apply(request, "up/model").Span)}
            """);
    });

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_is_metered_as_before(string file) => Check("streams", file, bytes =>
    {
        StringBuilder shown = new();
        ChatStreamMeter meter = new(usageAsked: false);
        using SseReader reader = new();
        reader.Append(bytes);
        while (reader.TryRead(out SseEvent next))
        {
            shown.Append(CultureInfo.InvariantCulture, $"{meter.Read(next)} {next.Raw.Length}\n");
        }

        shown.Append(CultureInfo.InvariantCulture, $"id {meter.Id}, model {meter.Model}, finish {meter.FinishReason}, done {meter.IsDone}\n");
        shown.Append(CultureInfo.InvariantCulture, $"output {meter.OutputBytes} bytes in {meter.OutputDeltas} deltas, rest {reader.Remainder.Length}\n");
        return shown.Append(CultureInfo.InvariantCulture, $"usage {Show(meter.Usage)}\nerror {meter.Error}\n").ToString();
    });

    [Theory]
    [MemberData(nameof(Answers))]
    public void Answer_is_read_as_before(string file) => Check("answers", file, bytes =>
        ChatAnswerReader.TryRead(bytes) is { } answer
            ? $"id {answer.Id}, model {answer.Model}, finish {answer.FinishReason}, output {answer.OutputBytes} bytes\nusage {Show(answer.Usage)}\n"
            : "no answer\n");

    private static string Show(TokenUsage? usage) => usage is not { } u ? "none" : string.Create(
        CultureInfo.InvariantCulture,
        $"in {u.UncachedInput} + cached {u.CacheRead} + written {u.CacheWrite5m} + audio {u.AudioInput}, out {u.Output} (reasoning {u.Reasoning}) + audio {u.AudioOutput}");

    private static TheoryData<string> FilesOf(string kind) =>
        [.. Directory.GetFiles(Folder(kind)).Where(path => !path.EndsWith(".expected", StringComparison.Ordinal)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder(string kind) => Path.Combine(AppContext.BaseDirectory, "Golden", "openai", kind);

    private static void Check(string kind, string file, Func<byte[], string> show, [CallerFilePath] string source = "")
    {
        string shown = show(File.ReadAllBytes(Path.Combine(Folder(kind), file)));
        if (Environment.GetEnvironmentVariable("GOLDEN_WRITE") == "1")
        {
            // ! The path of a file has a folder.
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "Golden", "openai", kind, file + ".expected"), shown);
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(Folder(kind), file + ".expected")), shown);
    }
}
