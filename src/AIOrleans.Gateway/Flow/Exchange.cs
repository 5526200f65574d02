using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Routing;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Holds;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Flow;

/// <summary>One client call on its way through <see cref="RequestFlow"/>: each step fills in what the next ones need.</summary>
/// <remarks>Owned by the request's own task; nothing else reads it.</remarks>
internal sealed class Exchange(HttpContext http, ClientRoute route, DirectorySnapshot directory, TimeProvider time)
{
    private readonly TimeProvider time = time;

    public HttpContext Http { get; } = http;

    /// <summary>Where the call arrived: what its client speaks.</summary>
    public ClientRoute Route { get; } = route;

    /// <summary>The configuration that the whole request sees.</summary>
    public DirectorySnapshot Directory { get; } = directory;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Names the request, its hold, and its usage events.</summary>
    public HoldId Id { get; } = HoldId.New(time.GetUtcNow());

    /// <summary>Set by Identify.</summary>
    public Caller Caller { get; set; } = null!; // ! Identify denies or sets it.

    /// <summary>Set by Accept.</summary>
    public CallFacts Request { get; set; } = null!; // ! Accept denies or sets it.

    /// <summary>Set by Authorize.</summary>
    public ModelConfig Model { get; set; } = null!; // ! Authorize denies or sets it.

    /// <summary>The request in no protocol's words; null until some deployment needed it translated.</summary>
    public CanonicalRequest? Canonical { get; set; }

    /// <summary>True when the client agreed to leave out what a provider cannot be told. Set by Accept.</summary>
    public bool DropsParams { get; set; }

    /// <summary>Fields of the client that the provider which answers was not told.</summary>
    public IReadOnlyList<string> Omitted { get; set; } = [];

    /// <summary>How long the client is willing to wait in line for a limit; null: not at all. Set by Accept.</summary>
    public TimeSpan? QueueWait { get; set; }

    /// <summary>How long it has waited in line; zero when it did not have to.</summary>
    public TimeSpan QueuedFor { get; set; }

    /// <summary>Set when the call leads for an <c>Idempotency-Key</c>: what its client gets is recorded.</summary>
    public Lead? Lead { get; set; }

    /// <summary>True when the call has been given the answer of the one that it repeats.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The prices in force when the request arrived, for hold and settlement alike; set by Authorize.</summary>
    public ModelPrices Prices { get; set; } = null!; // ! Authorize denies or sets it.

    /// <summary>What is held; null until Hold succeeded, and settled exactly once from then on.</summary>
    public HoldCommand? Held { get; set; }

    /// <summary>How long Hold took, without the time in line; null when it did not come to that.</summary>
    public TimeSpan? HoldTook { get; set; }

    /// <summary>The tightest headroom after the hold; unlimited until asked.</summary>
    public Headroom Headroom { get; set; } = Headroom.Unlimited;

    /// <summary>Deployments in the order to try; set by Route.</summary>
    public IReadOnlyList<RouteCandidate> Routes { get; set; } = [];

    /// <summary>Provider calls made, in order.</summary>
    public List<AttemptRecord> Attempts { get; } = [];

    /// <summary>True when some provider bills the call.</summary>
    public bool IsCharged => Attempts.Exists(attempt => attempt.IsBilled);

    /// <summary>How long provider calls may run; set by Call, disposed by Settle.</summary>
    public UpstreamLifetime Upstream { get; set; } = null!; // ! Call sets it before it is used.

    /// <summary>The answer to relay; null until an attempt succeeded.</summary>
    public AttemptResult? Answer { get; set; }

    /// <summary>The opened stream of a streamed <see cref="Answer"/>.</summary>
    public ChatStream? Stream { get; set; }

    /// <summary>How much was held, and why; set by Hold.</summary>
    public HoldPlan Plan { get; set; }

    /// <summary>Status that the client was given; 0 before the answer began.</summary>
    public int Status { get; set; }

    public FailedBy FailedBy { get; set; }

    /// <summary>What the client was refused with, or cut off by; null when it was given an answer.</summary>
    public Denial? Denied { get; set; }

    /// <summary>From arrival to the first byte of the answer; null before.</summary>
    public TimeSpan? FirstByteAfter { get; set; }

    /// <summary>What an answer in the client's words needs besides what the provider said.</summary>
    public AnswerFrame ToFrame() =>
        new(Route.Protocol.AnswerIdOf(Id), Request.Model, StartedAt, Request.IncludeUsageAsked) { Request = Canonical };

    /// <summary>Notes how the request failed; the first failure is the one that counts.</summary>
    public void Fail(int status, FailedBy by)
    {
        if (FailedBy == FailedBy.Nobody)
        {
            FailedBy = by;
            Status = status;
        }
    }

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Time since arrival.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(startedStamp);

    private readonly long startedStamp = time.GetTimestamp();
}
