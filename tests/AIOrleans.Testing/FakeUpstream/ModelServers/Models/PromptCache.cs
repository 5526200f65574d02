using System.Security.Cryptography;
using System.Text;
using AIOrleans.Core.Usage;

namespace AIOrleans.Testing.ModelServers;

/// <summary>What a server remembers of prompts that it read. Thread-safe.</summary>
internal sealed class PromptCache
{
    /// <summary>Tokens of the shortest prompt that is cached without being asked, and the steps in which longer ones are.</summary>
    private const int ImplicitMin = 1024;
    private const int ImplicitStep = 128;

    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Anthropic's way: up to the marks, written once and read afterwards.</summary>
    public TokenUsage ReadMarked(string model, IReadOnlyList<PromptSegment> prompt)
    {
        long total = 0;
        long read = 0;
        (long Tokens, string Ttl)? last = null;
        StringBuilder text = new(model);
        lock (known)
        {
            foreach (PromptSegment segment in prompt)
            {
                total += segment.Tokens;
                text.Append('\n').Append(segment.Text);
                if (segment.CacheTtl is { } ttl)
                {
                    last = (total, ttl);
                    if (!known.Add(HashOf(text.ToString())))
                    {
                        read = total;
                    }
                }
            }
        }

        long written = Math.Max(0, (last?.Tokens ?? 0) - read);
        return new TokenUsage
        {
            UncachedInput = total - read - written,
            CacheRead = read,
            CacheWrite5m = last?.Ttl == "1h" ? 0 : written,
            CacheWrite1h = last?.Ttl == "1h" ? written : 0,
        };
    }

    /// <summary>OpenAI's and Google's way: long prompts, unasked, at no price for writing.</summary>
    public TokenUsage ReadUnasked(string model, IReadOnlyList<PromptSegment> prompt)
    {
        long total = prompt.Sum(segment => segment.Tokens);
        IReadOnlyList<string> words = total < ImplicitMin ? [] : Words.Split(string.Join(' ', prompt.Select(segment => segment.Text)));
        long read = 0;
        lock (known)
        {
            for (int length = ImplicitMin; length <= words.Count; length += ImplicitStep)
            {
                if (!known.Add(HashOf(model + "\n" + string.Concat(words.Take(length)))))
                {
                    read = length;
                }
            }
        }

        return new TokenUsage { UncachedInput = total - read, CacheRead = read };
    }

    private static string HashOf(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
