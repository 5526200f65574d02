using System.Buffers;
using System.Text.Json;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.Translation;

/// <summary>Every file of the matrix, mutated: nothing throws, and what comes out is JSON that the other side's own reader takes.</summary>
public sealed class FuzzTests
{
    /// <summary>Over all files; the run takes a few seconds.</summary>
    private const int MutationCount = 200_000;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "matrix");

    private static readonly AnswerFrame Frame = new("id", "alias", DateTimeOffset.UnixEpoch, IncludeUsage: true);

    [Fact]
    public void Never_throws_on_mutated_bodies_and_streams()
    {
        (MatrixCase Case, byte[] Source)[] cases = [.. MatrixCase.All(Folder).Select(one => (one, File.ReadAllBytes(Path.Combine(Folder, one.Source))))];
        Random random = new(20_260_101);
        int translated = 0;
        for (int i = 0; i < MutationCount; i++)
        {
            (MatrixCase one, byte[] source) = cases[i % cases.Length];
            byte[] mutated = Mutation.Of(source, random);
            WireFormat from = MatrixCase.Formats[one.From];
            WireFormat to = MatrixCase.Formats[one.To];
            translated += one.Kind switch
            {
                "requests" => TranslateRequest(mutated, from, to, drop: i % 2 == 0),
                "answers" => TranslateAnswer(mutated, from, to),
                _ => TranslateStream(mutated, from, to),
            };
        }

        // Enough must get through for the writers to have been tried too.
        Assert.InRange(translated, MutationCount / 10, MutationCount);
    }

    [Fact]
    public void Bounds_nesting_and_names_that_reach_messages()
    {
        byte[] deep = System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","x":{{new string('[', 500)}}{{new string(']', 500)}}}""");
        Assert.Null(RequestTranslator.Read(deep, WireFormat.OpenAiChat).Request);

        string name = new('ü', 100_000);
        byte[] named = System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":"a"}],"{{name}}":1}""");
        CanonicalRequest? request = RequestTranslator.Read(named, WireFormat.OpenAiChat).Request;
        Assert.NotNull(request);
        RequestMistake? mistake = RequestTranslator.Write(request, WireFormat.Anthropic, new UpstreamShape("m")).Mistake;
        Assert.NotNull(mistake);
        Assert.InRange(mistake.Message.Length, 1, 1000);
    }

    [Theory]
    [InlineData(WireFormat.Anthropic, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"ima,e/png","data":"AAAA"}}]}]}""", "messages[0].content[0].source.media_type")]
    [InlineData(WireFormat.Gemini, """{"contents":[{"parts":[{"inlineData":{"mimeType":"image/ png","data":"AAAA"}}]}]}""", "contents[0].parts[0].inlineData.mimeType")]
    public void Refuses_media_types_that_would_break_a_data_address(WireFormat client, string body, string param) =>
        Assert.Equal(param, RequestTranslator.Read(System.Text.Encoding.UTF8.GetBytes(body), client, new CallAddress("alias", Stream: false)).Mistake?.Param);

    private static int TranslateRequest(byte[] body, WireFormat from, WireFormat to, bool drop)
    {
        if (CallReader.Read(body, from, new CallAddress("alias", Stream: true)).Call is { } call)
        {
            Assert.Equal(from is WireFormat.Gemini or WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent ? "alias" : "other", CallReader.Read(CallPatch.Apply(call, "other"), from, new CallAddress("alias", Stream: true)).Call?.Model);
        }

        (CanonicalRequest? request, RequestMistake? mistake) = RequestTranslator.Read(body, from, new CallAddress("alias", Stream: true));
        Assert.True((request is null) != (mistake is null));
        if (request is null)
        {
            return 0;
        }

        (TranslatedRequest? written, mistake) = RequestTranslator.Write(request, to, new UpstreamShape("up") { DropUnsupported = drop });
        Assert.True((written is null) != (mistake is null));
        if (written is not null && to == WireFormat.Bedrock)
        {
            JsonDocument.Parse(written.Body).Dispose();
        }
        else if (written is not null)
        {
            mistake = RequestTranslator.Read(written.Body, to, new CallAddress("alias", Stream: true)).Mistake;
            Assert.True(mistake is null, $"{mistake}: {Text(body)} became {Text(written.Body)}");
        }

        return written is null ? 0 : 1;
    }

    private static int TranslateAnswer(byte[] body, WireFormat from, WireFormat to)
    {
        if (AnswerTranslator.TryRead(body, from) is not { } answer)
        {
            return 0;
        }

        ReadOnlyMemory<byte> written = AnswerTranslator.Write(answer, to, Frame);
        bool isReadable = to is WireFormat.OpenAiResponses ? ResponsesGrammar.IsAnswer(written)
            : to is WireFormat.OpenAiCompletions ? AnswerReader.TryRead(written, to) is not null
            : AnswerTranslator.TryRead(written, to) is not null;
        Assert.True(isReadable, $"{Text(body)} became {Text(written)}");
        return 1;
    }

    private static int TranslateStream(byte[] stream, WireFormat from, WireFormat to)
    {
        ArrayBufferWriter<byte> output = new();
        StreamTranslator translator = new(from, to, Frame, output);
        using SseReader reader = new();
        reader.Append(stream);
        StreamStep step = StreamStep.Forward;
        IStreamMeter? meter = MatrixCase.Clients.Contains(from) ? AnswerReader.MeterOf(from, usageAsked: false) : null;
        while (step is StreamStep.Forward or StreamStep.Drop && reader.TryRead(out SseEvent next))
        {
            meter?.Read(next);
            step = translator.Read(next);
        }

        using SseReader written = new();
        written.Append(output.WrittenSpan);
        while (written.TryRead(out SseEvent next))
        {
            if (!next.Data.Span.SequenceEqual("[DONE]"u8))
            {
                JsonDocument.Parse(next.Data).Dispose();
            }
        }

        Assert.Equal(0, written.Remainder.Length);
        if (to == WireFormat.OpenAiResponses)
        {
            new ResponsesGrammar().Check(output.WrittenMemory, isWhole: step is StreamStep.Done);
        }

        return step is StreamStep.Done ? 1 : 0;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
}
