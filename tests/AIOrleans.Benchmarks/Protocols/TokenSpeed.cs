using System.Text;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Sse;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Benchmarks.Protocols;

/// <summary>What estimating tokens costs one thread. The bars: a text of 100 kB in less than 0.5 ms, an event of a stream in less than 1 us more than without.</summary>
public static class TokenSpeed
{
    private const int TextBytes = 100_000;
    private const int EventCount = 500;

    /// <summary>Runs every measurement for <paramref name="duration"/>, after all of them were warmed up.</summary>
    public static IEnumerable<TranslationFigures> Run(TimeSpan duration, TimeProvider time)
    {
        byte[] english = Repeated("The quick brown fox jumps over the lazy dog, and nobody is surprised any more. ");
        byte[] code = Repeated("    public async Task<int> RunAsync(string[] args, int count = 1024)\n    {\n        return await Next(args[0], count + 1);\n    }\n\n");
        byte[] chinese = Repeated("小时候，我家门前有一棵很大的槐树。夏天的晚上，邻居们都搬着小凳子坐在树下乘凉。");
        CallFacts chat = CallReader.Read(TranslationSpeed.Chat(), WireFormat.OpenAiChat).Call ?? throw new InvalidOperationException("The body is mistaken.");
        byte[] stream = TranslationSpeed.OpenAiStream();
        return TranslationSpeed.Measure(
            [
                ("100 kB of English", () => TokenEstimate.Of(english, TokenFamily.O200k), 1),
                ("100 kB of code", () => TokenEstimate.Of(code, TokenFamily.O200k), 1),
                ("100 kB of Chinese", () => TokenEstimate.Of(chinese, TokenFamily.O200k), 1),
                ("100 kB chat request", () => CallTokens.Estimate(chat, TokenFamily.O200k), 1),
                ("event, OpenAI passing", () => Meter(stream), EventCount),
                ("text of one event", Delta, 1),
            ],
            duration,
            time);
    }

    private static void Delta()
    {
        TokenScan scan = new(TokenFamily.O200k);
        scan.Append(" token"u8);
    }

    private static void Meter(byte[] stream)
    {
        IStreamMeter meter = AnswerReader.MeterOf(WireFormat.OpenAiChat, usageAsked: true, TokenFamily.O200k);
        using SseReader reader = new();
        reader.Append(stream);
        while (reader.TryRead(out SseEvent next))
        {
            meter.Read(next);
        }
    }

    private static byte[] Repeated(string text)
    {
        StringBuilder all = new();
        while (Encoding.UTF8.GetByteCount(text) * (all.Length / text.Length) < TextBytes)
        {
            all.Append(text);
        }

        return Encoding.UTF8.GetBytes(all.ToString());
    }
}
