using AIOrleans.Core.Directory;

namespace AIOrleans.Providers;

/// <summary>One call of one deployment.</summary>
public sealed record AttemptRequest
{
    public required ProviderConfig Provider { get; init; }

    /// <summary>The model as the provider calls it; already in <see cref="Body"/>, here for logs.</summary>
    public required string Model { get; init; }

    /// <summary>Sent as it is, after <c>ChatRequestPatch</c>.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when the body asks for a stream.</summary>
    public required bool Streamed { get; init; }

    /// <summary>Headers of the client. Only those that <see cref="Http.RequestHeaders"/> allows go upstream, so that all of them may be given.</summary>
    public IEnumerable<KeyValuePair<string, string>> ClientHeaders { get; init; } = [];
}
