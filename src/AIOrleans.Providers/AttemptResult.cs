using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers;

/// <summary>What became of an attempt.</summary>
public abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>A complete answer, and known to be one: <paramref name="Chat"/> was read from it.</summary>
    /// <param name="Headers">What the client may see of the provider's headers, under the names it may see.</param>
    /// <param name="Body">To be passed on as it is.</param>
    public sealed record Answered(
        int Status, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body, ChatAnswer Chat) : AttemptResult;

    /// <summary>The tokens of an input that was to be counted only; nothing was used.</summary>
    /// <param name="Body">The provider's own words.</param>
    public sealed record Counted(
        int Status, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body, long Tokens) : AttemptResult;

    /// <summary>A running stream whose first bytes have arrived.</summary>
    /// <param name="Body">Owned by the caller, who disposes it.</param>
    public sealed record Streamed(
        int Status, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, AnswerStream Body) : AttemptResult;

    /// <summary>A running answer that is a file, whose first bytes have arrived.</summary>
    /// <param name="Body">Owned by the caller, who disposes it. A clean end is its end.</param>
    public sealed record Bytes(int Status, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, AnswerStream Body) : AttemptResult;

    /// <summary>No answer that could be given to the client.</summary>
    public sealed record Failed(AttemptFailure Failure) : AttemptResult;
}
