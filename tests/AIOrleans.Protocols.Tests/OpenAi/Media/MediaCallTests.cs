using System.Text;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Tests.Translation;

namespace AIOrleans.Protocols.Tests.OpenAi.Media;

/// <summary>Images, audio, moderations and ranking: what the gateway reads of calls, and what it changes.</summary>
public sealed class MediaCallTests
{
    private const string FormType = "multipart/form-data; boundary=b";

    [Fact]
    public void Reads_a_call_for_images()
    {
        CallFacts call = Read(WireFormat.OpenAiImages, """{"model":"m","prompt":"four","n":3,"stream":true}""");
        Assert.Equal((3, true, 3L, 4L, null), (call.N, call.Stream, call.Units.ImagesMade, call.TextBytes, call.MaxOutputTokens));

        CallFacts edit = Read(WireFormat.OpenAiImageEdits, """{"model":"m","images":[{"image_url":"data:x"},{"file_id":"f"}],"mask":{"image_url":"data:y"}}""");
        Assert.Equal((3, edit.Body.Length - 12), (edit.ImageCount, (int)edit.InputBytes));
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("\\ud83d\\ude00\\u00e9", 2)]
    [InlineData("", 0)]
    public void Counts_characters_and_not_their_bytes(string input, long characters) =>
        Assert.Equal(characters, Read(WireFormat.OpenAiSpeech, $$"""{"model":"m","input":"{{input}}"}""").Units.Characters);

    [Theory]
    [InlineData("""{"model":"m","input":"a"}""", true)]
    [InlineData("""{"model":"m","input":"a","stream_format":"audio"}""", true)]
    [InlineData("""{"model":"m","input":"a","stream_format":"sse"}""", false)]
    public void Knows_whether_speech_comes_as_a_file_or_as_events(string body, bool isFile)
    {
        CallFacts call = Read(WireFormat.OpenAiSpeech, body);
        Assert.Equal((isFile, !isFile), (call.HasBytesAnswer, call.Stream));
    }

    [Theory]
    [InlineData(99, 10, 1, 1)]
    [InlineData(100, 10, 1, 1)]
    [InlineData(101, 10, 2, 2)]
    [InlineData(100, 600, 2, 1)]
    public void Bounds_the_searches_among_documents(int count, int length, long most, long likely)
    {
        string documents = string.Join(',', Enumerable.Repeat($"\"{new string('a', length)}\"", count));
        CallFacts call = Read(WireFormat.Rerank, $$"""{"model":"m","query":"qq","documents":[{{documents}}]}""");
        Assert.Equal((most, likely, count), (call.Units.SearchUnits, call.LikelyUnits.SearchUnits, call.Inputs));
        Assert.Equal(call.Body.Length + (2 * count), call.InputBytes);
    }

    [Fact]
    public void Reads_a_moderation_of_texts_and_images()
    {
        CallFacts call = Read(WireFormat.OpenAiModerations, """{"model":"m","input":[{"type":"text","text":"four"},{"type":"image_url","image_url":{"url":"https://x"}}]}""");
        Assert.Equal((4L, 1, 2, 0L), (call.TextBytes, call.ImageCount, call.Inputs, call.MaxOutputTokens));
    }

    [Theory]
    [InlineData("""{"input":"a"}""", "up", """{"model":"up","input":"a"}""")]
    [InlineData("""{"input":"a"}""", "omni-moderation-latest", """{"input":"a"}""")]
    [InlineData("""{"input":"a", "model" : "x"}""", "u\"p", """{"input":"a", "model" : "u\"p"}""")]
    public void A_moderation_gets_the_name_of_its_model_only_where_it_differs(string body, string model, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(CallPatch.Apply(Read(WireFormat.OpenAiModerations, body), model).Span));

    [Theory]
    [InlineData(WireFormat.OpenAiImages, """{"prompt":"p"}""", "model")]
    [InlineData(WireFormat.OpenAiImages, """{"model":"m","n":129}""", "n")]
    [InlineData(WireFormat.OpenAiImages, """{"model":"m","N":2}""", "n")]
    [InlineData(WireFormat.OpenAiSpeech, """{"model":"m"}""", "input")]
    [InlineData(WireFormat.OpenAiSpeech, """{"model":"m","input":"a","stream_format":"x"}""", "stream_format")]
    [InlineData(WireFormat.OpenAiModerations, """{"input":[]}""", "input")]
    [InlineData(WireFormat.OpenAiModerations, """{"model":"m"}""", "input")]
    [InlineData(WireFormat.Rerank, """{"model":"m","query":"q"}""", "documents")]
    [InlineData(WireFormat.Rerank, """{"model":"m","documents":["a"]}""", "query")]
    public void Refuses_calls_without_what_it_needs(WireFormat format, string body, string param) =>
        Assert.Equal(param, CallReader.Read(Encoding.UTF8.GetBytes(body), format).Mistake?.Param);

    [Fact]
    public void Reads_a_form_with_a_sound()
    {
        CallFacts call = ReadForm(WireFormat.OpenAiTranscriptions, Field("model", "whisper"), File("file", new string('x', 8_000)), Field("prompt", "four"), Field("stream", "True"));
        Assert.Equal(("whisper", true, true, 15L), (call.Model, call.Stream, call.ReadsMore, call.TextBytes));
        Assert.Equal((8_000L, 1_000L), (call.Units.AudioMilliseconds, call.LikelyUnits.AudioMilliseconds));
        string patched = Encoding.UTF8.GetString(CallPatch.Apply(call, "ü-2").Span);
        Assert.Equal(Encoding.UTF8.GetString(call.Body.Span).Replace("\r\n\r\nwhisper\r\n", "\r\n\r\nü-2\r\n", StringComparison.Ordinal), patched);
    }

    [Fact]
    public void A_sound_that_is_not_in_the_form_counts_as_the_largest() =>
        Assert.Equal(25 * 1024 * 1024, ReadForm(WireFormat.OpenAiTranscriptions, Field("model", "m"), Field("url", "https://a")).Units.AudioMilliseconds);

    [Fact]
    public void Reads_a_form_with_images()
    {
        CallFacts call = ReadForm(WireFormat.OpenAiImageEdits, File("image[]", "png"), File("image[]", "png"), File("mask", "png"), Field("n", "4"), Field("model", "m"), Field("prompt", "four"));
        Assert.Equal((3, 4, 4L, 6L), (call.ImageCount, call.N, call.Units.ImagesMade, call.InputBytes));
    }

    [Theory]
    [InlineData("model", "b", "model", "duplicate_parameter")]
    [InlineData("Model", "b", "model", "unknown_parameter")]
    [InlineData("n", "0", "n", "invalid_value")]
    [InlineData("n", " 1", "n", "invalid_value")]
    [InlineData("stream", "yes", "stream", "invalid_value")]
    public void Refuses_fields_that_another_reader_could_take_otherwise(string name, string value, string param, string code)
    {
        RequestMistake? mistake = CallReader.Read(Form(Field("model", "m"), Field(name, value)), WireFormat.OpenAiImageEdits, null, FormType).Mistake;
        Assert.Equal((param, code), (mistake?.Param, mistake?.Code));
    }

    [Theory]
    [InlineData("a\r\nb", "invalid_value")]
    [InlineData("", "empty_string")]
    public void Refuses_names_of_models_that_are_none(string model, string code) =>
        Assert.Equal(code, CallReader.Read(Form(Field("model", model)), WireFormat.OpenAiTranscriptions, null, FormType).Mistake?.Code);

    [Fact]
    public void Never_throws_on_mutated_calls()
    {
        (WireFormat Format, byte[] Body)[] sources =
        [
            (WireFormat.OpenAiImages, """{"model":"m","prompt":"p","n":2,"images":[{"image_url":"data:"}]}"""u8.ToArray()),
            (WireFormat.OpenAiSpeech, """{"model":"m","input":"\ud83d\ude00","stream_format":"sse"}"""u8.ToArray()),
            (WireFormat.OpenAiModerations, """{"input":[{"text":"a"},{"image_url":{"url":"u"}},"b"]}"""u8.ToArray()),
            (WireFormat.Rerank, """{"model":"m","query":"q","documents":["a",{"text":"b"},{"x":1}]}"""u8.ToArray()),
            (WireFormat.OpenAiImageEdits, Form(File("image", "png"), Field("model", "m"), Field("n", "2"), Field("stream", "1"))),
            (WireFormat.OpenAiTranscriptions, Form(File("file", "RIFF....WAVEfmt ................"), Field("model", "m"))),
        ];
        Random random = new(9);
        int read = 0;
        for (int i = 0; i < 60_000; i++)
        {
            (WireFormat format, byte[] source) = sources[i % sources.Length];
            (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Mutation.Of(source, random), format, null, FormType);
            Assert.True(call is null != mistake is null);
            if (call is not null)
            {
                read++;
                Assert.True(call.LikelyUnits.AudioMilliseconds <= call.Units.AudioMilliseconds && call.LikelyUnits.SearchUnits <= Math.Max(call.Units.SearchUnits, 1));
                (CallFacts? again, _) = CallReader.Read(CallPatch.Apply(call, "other"), format, null, FormType);
                Assert.Equal("other", again?.Model);
            }
        }

        Assert.InRange(read, 2_000, 60_000);
    }

    private static CallFacts Read(WireFormat format, string body)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Encoding.UTF8.GetBytes(body), format);
        Assert.Null(mistake);
        return Assert.IsType<CallFacts>(call);
    }

    private static CallFacts ReadForm(WireFormat format, params string[] parts)
    {
        (CallFacts? call, RequestMistake? mistake) = CallReader.Read(Form(parts), format, null, FormType);
        Assert.Null(mistake);
        Assert.Equal(FormType, call?.ContentType);
        return Assert.IsType<CallFacts>(call);
    }

    private static byte[] Form(params string[] parts) => Encoding.UTF8.GetBytes(string.Concat(parts) + "--b--\r\n");

    private static string Field(string name, string value) => $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";

    private static string File(string name, string content) => $"--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\nContent-Type: x/y\r\n\r\n{content}\r\n";
}
