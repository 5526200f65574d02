using AIOrleans.Core.Directory;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Providers.Simulated;

/// <summary>Everything about one simulated answer, decided by the request alone: the same request gives the same answer.</summary>
/// <param name="Seed">Hash of messages and model.</param>
/// <param name="PromptTokens">A quarter of the text's bytes, rounded up; at least 1.</param>
/// <param name="OutputTokens">Words of each choice.</param>
internal sealed record SimulatedPlan(
    ulong Seed, string Model, int Choices, long PromptTokens, int OutputTokens, string FinishReason, bool Fails, bool Stalls)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    public string Id => $"chatcmpl-{Seed:x16}";

    public long CompletionTokens => (long)OutputTokens * Choices;

    public static SimulatedPlan For(ChatRequest request, SimulationConfig config)
    {
        ReadOnlySpan<byte> messages = request.Body.Span.Slice(request.Messages.Start, request.Messages.Length);
        ulong seed = SimulatedWords.Mix(Hash(Hash(FnvOffset, messages), System.Text.Encoding.UTF8.GetBytes(request.Model)));
        int roll = (int)(seed % 1000);
        bool isCut = request.MaxOutputTokens < config.OutputTokens;
        return new SimulatedPlan(
            seed,
            request.Model,
            request.N,
            Math.Max(1, (request.TextBytes + 3) / 4),
            (int)Math.Min(config.OutputTokens, request.MaxOutputTokens ?? int.MaxValue),
            isCut ? "length" : "stop",
            Fails: roll < config.ErrorsPerMille,
            Stalls: roll >= config.ErrorsPerMille && roll < config.ErrorsPerMille + config.StallsPerMille);
    }

    /// <summary>FNV-1a: not of quality, but the same everywhere and for ever.</summary>
    private static ulong Hash(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * FnvPrime;
        }

        return hash;
    }
}
