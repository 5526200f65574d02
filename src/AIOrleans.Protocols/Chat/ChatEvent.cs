using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>What a part of a streamed answer is.</summary>
public enum PartKind
{
    Text,
    Thinking,
    ToolCall,
    Refusal,
}

/// <summary>One step of a streamed answer in no protocol's words.</summary>
/// <remarks>Order: <see cref="Started"/>; per choice parts, each begun, fed and ended, of which calls of tools may grow beside others; <see cref="Stopped"/>;
/// <see cref="Metered"/>; <see cref="Ended"/>.</remarks>
public abstract record ChatEvent
{
    private ChatEvent()
    {
    }

    /// <summary>The answer begins.</summary>
    /// <param name="Usage">Where the provider tells the input already; null: not yet.</param>
    public sealed record Started(string? Id, string? Model, TokenUsage? Usage) : ChatEvent;

    /// <summary>A part begins.</summary>
    /// <param name="Index">Its number within the choice, from 0.</param>
    /// <param name="ToolId">Of a tool call, else null.</param>
    /// <param name="ToolName">Of a tool call, else null.</param>
    public sealed record PartBegun(int Choice, int Index, PartKind Kind, string? ToolId = null, string? ToolName = null) : ChatEvent;

    /// <summary>More text of the part: content, thoughts, a refusal, or a fragment of a tool's JSON arguments.</summary>
    /// <param name="LogProbs">In OpenAI's form; null: none.</param>
    public sealed record Grown(int Choice, int Index, PartKind Kind, string Text, RawJson? LogProbs = null) : ChatEvent;

    /// <summary>What the provider wants back with the part: a thought's or a tool call's signature, or redacted thoughts.</summary>
    public sealed record Signed(int Choice, int Index, PartKind Kind, string Signature, bool IsRedacted) : ChatEvent;

    /// <summary>A part is complete.</summary>
    public sealed record PartEnded(int Choice, int Index, PartKind Kind) : ChatEvent;

    /// <summary>The choice is complete.</summary>
    public sealed record Stopped(int Choice, StopReason Reason, string? Sequence = null) : ChatEvent;

    /// <summary>Usage so far: each one replaces those before.</summary>
    /// <param name="Service">The service tier, where it is told with the usage; null: not told.</param>
    /// <param name="IsSoFar">True while more is to be written: what was read is exact, what was written only begun.</param>
    public sealed record Metered(TokenUsage Usage, ServiceTier? Service = null, bool IsSoFar = false) : ChatEvent;

    /// <summary>The provider broke off.</summary>
    public sealed record Failed(ChatError Error) : ChatEvent;

    /// <summary>The provider shows that it lives.</summary>
    public sealed record Ping : ChatEvent
    {
        public static Ping Instance { get; } = new();
    }

    /// <summary>The stream is complete.</summary>
    public sealed record Ended : ChatEvent
    {
        public static Ended Instance { get; } = new();
    }
}
