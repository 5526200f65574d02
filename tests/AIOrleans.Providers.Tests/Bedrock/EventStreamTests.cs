using System.Text;
using AIOrleans.Protocols.Sse;
using AIOrleans.Providers.Bedrock;
using AIOrleans.Testing;

namespace AIOrleans.Providers.Tests.Bedrock;

public sealed class EventStreamTests
{
    private const int MutationCount = 20_000;

    private static readonly byte[] Hello = BedrockFrames.Event("contentBlockDelta", """{"delta":{"text":"é"}}""");

    private static readonly byte[][] Whole =
    [
        BedrockFrames.Event("messageStart", """{"role":"assistant"}"""),
        Hello,
        BedrockFrames.Event("messageStop", """{"stopReason":"end_turn"}"""),
        BedrockFrames.Event("metadata", """{"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}"""),
    ];

    /// <summary>The check value of the catalogue of CRCs, and whole messages of botocore's published tests (tests/unit/test_eventstream.py).</summary>
    [Theory]
    [InlineData("313233343536373839", 0xCBF4_3926)]
    [InlineData("0000001000000000", 0x05C2_48EB)]
    [InlineData("000000100000000005C248EB", 0x7D98_C8FF)]
    [InlineData("0000001D00000000", 0xFD52_8C5A)]
    [InlineData("0000001D00000000FD528C5A7B27666F6F273A27626172277D", 0xC365_3936)]
    [InlineData("0000003D00000020", 0x07FD_8396)]
    [InlineData("0000003D0000002007FD83960C636F6E74656E742D747970650700106170706C69636174696F6E2F6A736F6E7B27666F6F273A27626172277D", 0x8D9C_08B1)]
    public void Has_the_checksums_that_others_have(string hex, uint checksum) => Assert.Equal(checksum, Crc32.Of(Convert.FromHexString(hex)));

    [Fact]
    public async Task Turns_frames_into_events_of_text()
    {
        Assert.Equal("event: contentBlockDelta\ndata: {\"delta\":{\"text\":\"é\"}}\n\n", await ReadAsync(Hello));
        Assert.Equal("event: throttlingException\ndata: {\"message\":\"m\"}\n\n", await ReadAsync(BedrockFrames.Exception("throttlingException", """{"message":"m"}""")));
        Assert.Equal("event: error\ndata: {\"code\":\"InternalFailure\",\"message\":\"m\"}\n\n", await ReadAsync(BedrockFrames.Error("InternalFailure", "m")));
        Assert.Equal("event: a\ndata: \n\n", await ReadAsync(BedrockFrames.Event("a", "")));
        Assert.Equal("", await ReadAsync([]));
    }

    [Fact]
    public async Task Keeps_line_ends_of_a_payload_from_ending_the_event()
    {
        string text = await ReadAsync(BedrockFrames.Event("a", "{\n\"b\":\r\n1}\n\n"));
        using SseReader reader = new();
        reader.Append(Encoding.UTF8.GetBytes(text));
        Assert.True(reader.TryRead(out SseEvent only));
        Assert.Equal(("a", "{\n\"b\":\n\n1}\n\n"), (Encoding.UTF8.GetString(only.Name.Span), Encoding.UTF8.GetString(only.Data.Span)));
        Assert.Equal(0, reader.Remainder.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(1000)]
    public async Task Gives_the_same_events_for_every_chunking(int chunkBytes) =>
        Assert.Equal(await ReadAsync([.. Whole.SelectMany(frame => frame)]), await ReadAsync([.. Whole.SelectMany(frame => frame)], chunkBytes));

    [Fact]
    public async Task Hands_an_event_on_with_the_byte_that_completes_it()
    {
        Pieces pieces = new(Hello[..^1], Hello[^1..], Hello);
        await using EventStreamText text = new(pieces);
        byte[] buffer = new byte[1000];
        int first = await text.ReadAsync(buffer);
        Assert.Equal(("event: contentBlockDelta\ndata: {\"delta\":{\"text\":\"é\"}}\n\n", 2), (Encoding.UTF8.GetString(buffer, 0, first), pieces.Reads));
    }

    [Fact]
    public async Task Skips_headers_and_messages_that_it_does_not_know()
    {
        byte[] headers =
        [
            1, (byte)'a', 0, 1, (byte)'b', 1, 1, (byte)'c', 2, 9, 1, (byte)'d', 3, 9, 9, 1, (byte)'e', 4, 9, 9, 9, 9, 1, (byte)'f', 5, 9, 9, 9, 9, 9, 9, 9, 9,
            1, (byte)'g', 6, 0, 2, 9, 9, 1, (byte)'h', 8, 9, 9, 9, 9, 9, 9, 9, 9, 1, (byte)'i', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
            .. Hello.AsSpan(12, Headers(Hello)),
        ];
        byte[] known = BedrockFrames.Frame(headers, "{}"u8.ToArray());
        byte[] unknown = BedrockFrames.Frame("{}", (":message-type", "ping"));
        Assert.Equal("event: contentBlockDelta\ndata: {}\n\n", await ReadAsync([.. unknown, .. known, .. unknown]));
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "checksum of the lengths", Changed(frame => frame[8] ^= 1) },
        { "checksum of the message", Changed(frame => frame[^1] ^= 1) },
        { "a bit of the payload", Changed(frame => frame[^6] ^= 1) },
        { "a length that is no length", Sealed(frame => frame[3] = 15) },
        { "a length beyond the bound", Sealed(frame => frame[0] = 1) },
        { "headers longer than the frame", Sealed(frame => frame[6] = 1) },
        { "headers into the checksum", Sealed(frame => frame[7] = (byte)(frame.Length - 15)) },
        { "a header longer than the headers", Sealed(frame => frame[12] = 255) },
        { "a header without its value", BedrockFrames.Frame([1, (byte)'a', 7, 0], []) },
        { "a value of no type", BedrockFrames.Frame([1, (byte)'a', 10], []) },
        { "no kind of message", BedrockFrames.Frame("{}", (":event-type", "a")) },
        { "an event without a type", BedrockFrames.Frame("{}", (":message-type", "event")) },
        { "a type with a line end", BedrockFrames.Event("a\ndata: injected", "{}") },
        { "text", "data: hello, this is no frame\n\n"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Fails_on_a_broken_frame_and_hands_on_what_came_before(string what, byte[] frame)
    {
        await using EventStreamText text = new(new Pieces([.. Hello, .. frame]));
        byte[] buffer = new byte[1000];
        Assert.True(await text.ReadAsync(buffer) > 0, what);
        for (int i = 0; i < 2; i++)
        {
            HttpIOException failure = await Assert.ThrowsAsync<HttpIOException>(async () => await text.ReadAtLeastAsync(buffer, 1));
            Assert.Equal(HttpRequestError.InvalidResponse, failure.HttpRequestError);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(30)]
    public async Task Fails_when_a_frame_is_cut_off(int bytes)
    {
        HttpIOException failure = await Assert.ThrowsAsync<HttpIOException>(() => ReadAsync([.. Hello, .. Hello[..bytes]]));
        Assert.Equal(HttpRequestError.ResponseEnded, failure.HttpRequestError);
    }

    [Fact]
    public async Task Takes_a_frame_of_the_largest_size_and_none_larger()
    {
        string json = new('x', EventFrame.BytesMax - BedrockFrames.Event("a", "").Length);
        Assert.Equal("event: a\ndata: ".Length + json.Length + 2, (await ReadAsync(BedrockFrames.Event("a", json), 10_000)).Length);
        await Assert.ThrowsAsync<HttpIOException>(() => ReadAsync(BedrockFrames.Event("a", json + "x"), 10_000));
    }

    [Fact]
    public async Task Never_hangs_or_fails_otherwise_on_mutated_frames()
    {
        byte[] stream = [.. Whole.SelectMany(frame => frame)];
        Random random = new(20_260_102);
        int broken = 0;
        int read = 0;
        for (int i = 0; i < MutationCount; i++)
        {
            byte[] mutated = Mutated(i, stream, random);
            try
            {
                string text = await ReadAsync(mutated, random.Next(1, 400));

                // Nothing at all comes of a message whose kind is unknown now.
                Assert.True(text.Length == 0 || text.EndsWith("\n\n", StringComparison.Ordinal));
                read++;
            }
            catch (HttpIOException)
            {
                broken++;
            }
        }

        // A flipped bit is always found; where the checksums are made right again, much must still be read.
        Assert.InRange(broken, MutationCount / 2, MutationCount);
        Assert.InRange(read, MutationCount / 20, MutationCount);
    }

    /// <summary>Every other one is a single frame whose checksums are right, so that what is behind them is tried too.</summary>
    private static byte[] Mutated(int round, byte[] stream, Random random)
    {
        byte[] bytes = round % 2 == 0 ? [.. stream] : [.. Hello];
        for (int k = random.Next(1, 4); k > 0; k--)
        {
            bytes[random.Next(round % 2 == 0 ? 0 : 8, bytes.Length)] = (byte)random.Next(256);
        }

        return round % 2 == 1 ? BedrockFrames.Seal(bytes) : random.Next(4) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
    }

    private static byte[] Changed(Action<byte[]> change)
    {
        byte[] frame = [.. Hello];
        change(frame);
        return frame;
    }

    private static byte[] Sealed(Action<byte[]> change) => BedrockFrames.Seal(Changed(change));

    private static int Headers(byte[] frame) => frame[7];

    private static async Task<string> ReadAsync(byte[] frames, int chunkBytes = int.MaxValue)
    {
        await using EventStreamText text = new(new Pieces([.. frames.Chunk(chunkBytes)]));
        using MemoryStream all = new();
        byte[] buffer = new byte[7];
        int length;
        while ((length = await text.ReadAsync(buffer)) > 0)
        {
            all.Write(buffer, 0, length);
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>A stream that gives one piece for each read.</summary>
    private sealed class Pieces(params byte[][] pieces) : MemoryStream
    {
        private readonly Queue<byte[]> left = new(pieces);
        private byte[] rest = [];

        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            if (rest.Length == 0 && left.TryDequeue(out byte[]? next))
            {
                rest = next;
            }

            int count = Math.Min(rest.Length, buffer.Length);
            rest.AsSpan(0, count).CopyTo(buffer.Span);
            rest = rest[count..];
            return new ValueTask<int>(count);
        }
    }
}
