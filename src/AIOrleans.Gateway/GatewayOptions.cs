using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway;

/// <summary>Bounds of the data plane. Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Largest request body, in bytes. Default 32 MiB: room for images, none for abuse.</summary>
    [Range(1024, 1024 * 1024 * 1024)] public int BodyBytesMax { get; set; } = 32 * 1024 * 1024;

    /// <summary>Largest file that is uploaded to a provider, in bytes. Default 512 MiB: OpenAI's own bound. It waits on disk, not in memory.</summary>
    [Range(1024, 64L * 1024 * 1024 * 1024)] public long FileBytesMax { get; set; } = 512L * 1024 * 1024;

    /// <summary>How often a batch that runs is looked at, in seconds, so that its worst case is not charged for longer than need be. Default 30.</summary>
    [Range(1, 3600)] public int BatchPollSeconds { get; set; } = 30;

    /// <summary>Requests in flight on this process before it answers 503. Default 20 000.</summary>
    [Range(1, 1_000_000)] public int RequestsInFlightMax { get; set; } = 20_000;

    /// <summary>How long a stopping gateway lets running answers finish, in seconds. Default 8: exits within 10.</summary>
    [Range(0, 600)] public int DrainSeconds { get; set; } = 8;

    /// <summary>How long it takes new calls after the signal to stop, in seconds, while <c>/health/ready</c> is 503 already; never longer than <see cref="DrainSeconds"/>, of which it is a part. Default 1: balancers that look more seldom need more.</summary>
    [Range(0, 600)] public int LingerSeconds { get; set; } = 1;

    /// <summary>How long a call for a whole answer goes on after its client left, in seconds, so that its cost is told and not estimated. Default 5.</summary>
    [Range(0, 600)] public int AbortDrainSeconds { get; set; } = 5;

    /// <summary>The same for a stream. Default 0: the provider stops writing at once, and what it wrote has been counted.</summary>
    [Range(0, 600)] public int StreamAbortDrainSeconds { get; set; }

    /// <summary>While there are no more calls than processors they run on the threads that read sockets; false always hands them to the thread pool. Default true.</summary>
    public bool InlineIo { get; set; } = true;

    /// <summary>After so many silent seconds a stream carries a comment, so that no proxy cuts it. Default 15.</summary>
    [Range(1, 600)] public int KeepAliveSeconds { get; set; } = 15;
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
