using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Calls;

/// <summary>One call of one caller: what was asked, and what the caller saw of it.</summary>
internal sealed class ChatCall
{
    /// <summary>In the prompt: by it the provider's invoice knows the call.</summary>
    public required string Token { get; init; }

    public required ApiKey Key { get; init; }

    public required string Model { get; init; }

    public required bool Streamed { get; init; }

    /// <summary>Bound of the answer, in tokens.</summary>
    public required int OutputTokensMax { get; init; }

    public required string Prompt { get; init; }

    /// <summary>When the caller will leave, counted from sending; null: it stays.</summary>
    public TimeSpan? LeavesAfter { get; init; }

    /// <summary>How long it would wait in line for a limit, in milliseconds; null: not at all.</summary>
    public int? QueueMs { get; init; }

    public required GatewayLife Gateway { get; set; }

    public DateTimeOffset SentAt { get; set; }

    public DateTimeOffset EndedAt { get; set; }

    /// <summary>Set when the caller left before its answer was complete: not later than it really did.</summary>
    public DateTimeOffset? LeftAt { get; set; }

    /// <summary>The gateway's name for the request, which is its hold's id; null when no answer began.</summary>
    public string? RequestId { get; set; }

    /// <summary>0 when no answer began.</summary>
    public int Status { get; set; }

    /// <summary>Who refused, as the gateway's header says; null: nobody.</summary>
    public string? DeniedBy { get; set; }

    /// <summary>What was said instead of an answer; null: an answer began.</summary>
    public string? Failure { get; set; }

    /// <summary>Neither answered nor refused by a limit, although its caller stayed.</summary>
    public bool IsFailed => !IsWhole && LeftAt is null && Status is not (402 or 429);

    /// <summary>True when a complete answer came.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Fewer tokens than this the gateway cannot have held, and still promise to be never exceeded.</summary>
    public long TokensHeldMin => Prompt.Length + OutputTokensMax;
}
