using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers;

/// <summary>How an attempt failed.</summary>
public enum FailureKind
{
    /// <summary>Nobody listens at the address.</summary>
    ConnectRefused,

    /// <summary>The host name has no address.</summary>
    NameUnknown,

    /// <summary>No secure connection: certificate or handshake.</summary>
    TlsFailed,

    /// <summary>Any other failure before the request was sent.</summary>
    ConnectFailed,

    /// <summary>No connection within <c>Timeouts.Connect</c>.</summary>
    ConnectTimeout,

    /// <summary>Connected, but no byte of the answer within <c>Timeouts.FirstByte</c>.</summary>
    FirstByteTimeout,

    /// <summary>The answer began and then paused for longer than <c>Timeouts.Idle</c>.</summary>
    IdleTimeout,

    /// <summary>The connection broke after the request was sent.</summary>
    Reset,

    /// <summary>Any status but 2xx, redirects included.</summary>
    BadStatus,

    /// <summary>Not HTTP, not the protocol, or not the kind of answer that was asked for.</summary>
    Garbage,

    /// <summary>The answer is larger than the gateway takes.</summary>
    TooLarge,
}

/// <summary>A failed attempt in all that routing, settling and the client's answer need.</summary>
/// <param name="Message">For operators; names the provider, holds neither content nor credentials.</param>
public sealed record AttemptFailure(FailureKind Kind, string Message)
{
    /// <summary>The provider's status; null when none came. 401 and 402 also where it refused the key or its account under another status.</summary>
    public int? Status { get; init; }

    /// <summary>The provider's error as its body told it; null when it told none. Never that of a 401 or 403, which speak of the gateway's credentials.</summary>
    public ChatError? Error { get; init; }

    /// <summary>The body of a bad status as it came, at most 64 KiB, for errors that the client should see whole; empty where <see cref="Error"/> is withheld.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How long the provider asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when the provider may have processed the request, and may bill it, although no answer came.</summary>
    public bool MayBeBilled { get; init; }

    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient => Kind switch
    {
        FailureKind.BadStatus => Status is 408 or 409 or 425 or 429 or >= 500,
        FailureKind.TlsFailed or FailureKind.TooLarge => false,
        _ => true,
    };

    /// <summary>True when the client's request is at fault: no other deployment will take it, and the client should see <see cref="Error"/>.</summary>
    public bool IsRequestAtFault => Kind == FailureKind.BadStatus && Status is 400 or 413 or 415 or 422;
}
