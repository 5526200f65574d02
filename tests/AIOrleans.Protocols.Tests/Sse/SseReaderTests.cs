using System.Text;
using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Tests.Sse;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "a|b")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("data: a\ndata:  b\ndata:c\n\n", "a\n b\nc")]
    [InlineData("data\n\ndata:\n\n", "|")]
    [InlineData(": keep-alive\n\ndata: a\nid: 1\nretry: 5\nnonsense\n\n", "(none)|a")]
    [InlineData("\n\ndata: a\n\n", "(none)|(none)|a")]
    [InlineData("event: ping\ndata: {}\n\n", "ping={}")]
    [InlineData("data: x\n\r\ndata: y\r\n\n", "x|y")]
    [InlineData("data: x\r\r\ndata: y\n\n", "x|y")]
    public void Cuts_a_stream_into_events(string stream, string expected) =>
        Assert.Equal(expected, string.Join('|', ReadAll(Encoding.UTF8.GetBytes(stream), int.MaxValue, new Random(1)).Select(e => e.Shown)));

    [Fact]
    public void Gives_the_same_events_for_every_chunking()
    {
        Random random = new(42);
        for (int round = 0; round < 2000; round++)
        {
            byte[] stream = RandomStream(random);
            List<(string Shown, string Raw)> whole = ReadAll(stream, int.MaxValue, random);
            List<(string Shown, string Raw)> pieces = ReadAll(stream, 7, random);
            List<(string Shown, string Raw)> bytes = ReadAll(stream, 1, random);
            Assert.Equal(whole, pieces);
            Assert.Equal(whole, bytes);
            Assert.Equal(Encoding.Latin1.GetString(stream), string.Concat(whole.Select(e => e.Raw)));
        }
    }

    [Fact]
    public void Hands_an_event_on_with_the_last_byte_of_its_blank_line()
    {
        using SseReader reader = new();
        reader.Append("data: a\n"u8);
        Assert.False(reader.TryRead(out _));
        reader.Append("\n"u8);
        Assert.True(reader.TryRead(out SseEvent next));
        Assert.Equal("data: a\n\n", Encoding.UTF8.GetString(next.Raw.Span));
    }

    [Fact]
    public void Does_not_wait_behind_the_blank_line_of_a_stream_with_bare_returns()
    {
        using SseReader reader = new();
        reader.Append("data: a\r\r"u8);
        Assert.True(reader.TryRead(out _));
    }

    [Fact]
    public void Reads_a_last_event_that_lacks_its_blank_line()
    {
        using SseReader reader = new();
        reader.Append("data: a\n\ndata: [DONE]"u8);
        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        Assert.Equal("data: [DONE]", Encoding.UTF8.GetString(reader.Remainder.Span));
        Assert.True(reader.TryReadLast(out SseEvent last));
        Assert.Equal("[DONE]", Encoding.UTF8.GetString(last.Data.Span));
        Assert.False(reader.TryReadLast(out _));
    }

    [Fact]
    public void Grows_to_its_bound_and_no_further()
    {
        using SseReader reader = new(eventBytesMax: 100_000);
        byte[] large = [.. "data: "u8, .. Enumerable.Repeat((byte)'x', 99_900), .. "\n\n"u8];
        foreach (byte[] chunk in large.Chunk(4096))
        {
            reader.Append(chunk);
        }

        Assert.True(reader.TryRead(out SseEvent next));
        Assert.Equal(99_900, next.Data.Length);
        reader.Append(Encoding.UTF8.GetBytes("data: " + new string('y', 100_000)));
        Assert.Throws<SseEventTooLargeException>(() => reader.TryRead(out _));
    }

    private static byte[] RandomStream(Random random)
    {
        string[] pieces = ["data: ", "data:", "x", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r", ": c", "event: e", ":", " ", "\uFEFF", "é"];
        StringBuilder text = new();
        for (int i = random.Next(1, 60); i > 0; i--)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<(string Shown, string Raw)> ReadAll(byte[] stream, int chunkMax, Random random)
    {
        List<(string Shown, string Raw)> events = [];
        using SseReader reader = new();
        for (int at = 0; at < stream.Length;)
        {
            int length = Math.Min(stream.Length - at, chunkMax == int.MaxValue ? chunkMax : random.Next(1, chunkMax + 1));
            reader.Append(stream.AsSpan(at, length));
            at += length;
            while (reader.TryRead(out SseEvent next))
            {
                events.Add(Show(next));
            }
        }

        if (reader.TryReadLast(out SseEvent last))
        {
            events.Add(Show(last));
        }

        return events;
    }

    private static (string Shown, string Raw) Show(SseEvent next)
    {
        string name = Encoding.UTF8.GetString(next.Name.Span);
        string data = next.HasData ? Encoding.UTF8.GetString(next.Data.Span) : "(none)";
        return (name.Length == 0 ? data : $"{name}={data}", Encoding.Latin1.GetString(next.Raw.Span));
    }
}
