using System.Text;
using AIOrleans.Protocols.Tokens;

namespace AIOrleans.Protocols.Tests.Tokens;

public sealed class TokenEstimateTests
{
    public static TheoryData<TokenFamily> Families => [.. Corpus.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void Nothing_is_no_token(TokenFamily family) => Assert.Equal(0, TokenEstimate.Of([], family));

    [Theory]
    [MemberData(nameof(Families))]
    public void Is_at_least_one_token_and_at_most_one_for_each_byte(TokenFamily family)
    {
        Assert.All(Enumerable.Range(0, 256), one => Assert.Equal(1, TokenEstimate.Of([(byte)one], family)));
        Random random = new(7);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] text = RandomText(random);
            Assert.InRange(TokenEstimate.Of(text, family), 1, text.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Never_gets_less_when_text_is_appended(TokenFamily family)
    {
        Random random = new(11);
        for (int i = 0; i < 500; i++)
        {
            string text = RandomCharacters(random);
            long before = 0;
            int length = 0;
            foreach (Rune rune in text.EnumerateRunes())
            {
                length += rune.Utf16SequenceLength;
                long now = TokenEstimate.Of(Encoding.UTF8.GetBytes(text[..length]), family);
                Assert.True(now >= before, $"{text[..length]}: {now} after {before}");
                before = now;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Parts_add_up_to_the_whole_wherever_the_text_is_cut(TokenFamily family)
    {
        Random random = new(13);
        foreach (Sample sample in Corpus.Check)
        {
            TokenScan scan = new(family);
            for (int at = 0; at < sample.Utf8.Length;)
            {
                int end = Math.Min(at + random.Next(1, 12), sample.Utf8.Length);
                while (end < sample.Utf8.Length && (sample.Utf8[end] & 0xC0) == 0x80)
                {
                    end++;
                }

                scan.Append(sample.Utf8.AsSpan(at..end));
                at = end;
            }

            Assert.Equal(TokenEstimate.Of(sample.Utf8, family), scan.Tokens);
        }
    }

    [Fact]
    public void A_scan_of_no_family_is_of_the_unknown_one()
    {
        TokenScan scan = default;
        scan.Append("Some words."u8);
        Assert.Equal(TokenEstimate.Of("Some words."u8, TokenFamily.Unknown), scan.Tokens);
    }

    [Fact]
    public void Allocates_nothing()
    {
        byte[] text = Corpus.All[0].Utf8;
        TokenEstimate.Of(text, TokenFamily.O200k);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TokenEstimate.Of(text, TokenFamily.O200k);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[] RandomText(Random random)
    {
        if (random.Next(2) == 0)
        {
            return Encoding.UTF8.GetBytes(RandomCharacters(random));
        }

        byte[] bytes = new byte[random.Next(1, 40)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Characters of all kinds, in runs.</summary>
    private static string RandomCharacters(Random random)
    {
        string[] alphabets =
        [
            "abcdeXYZ", "0123456789", " ", "\n\r\t", ".,;{}=\"-", "äéßłą", "ếạ", "αβγ", "женя", "שלום", "سلام", "नमस्ते", "বাংলা", "ไทย", "汉字漢", "かなカ", "한국",
            "😀👍🏽", "—…≤→", "、。！", "\u1234\u0800",
        ];
        StringBuilder text = new();
        for (int runs = random.Next(1, 8); runs > 0; runs--)
        {
            Rune[] alphabet = [.. alphabets[random.Next(alphabets.Length)].EnumerateRunes()];
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                text.Append(alphabet[random.Next(alphabet.Length)].ToString());
            }
        }

        return text.ToString();
    }
}
