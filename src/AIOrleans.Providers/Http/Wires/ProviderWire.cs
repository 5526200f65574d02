using System.Collections.Frozen;
using System.Net.Http.Headers;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers.Http.Wires;

/// <summary>How calls of one kind of provider look on the wire: address, credentials, headers, refusals. One per kind, without state.</summary>
internal abstract class ProviderWire
{
    /// <summary>Content type of server-sent events.</summary>
    public const string TextStream = "text/event-stream";

    /// <summary>Headers of the client that go upstream. An allow-list: what is not named stays here, credentials and cookies above all.</summary>
    public abstract FrozenSet<string> ForwardedHeaders { get; }

    /// <summary>Headers of the provider that the client may see, each with the name it sees: the provider's limits must not be taken for the gateway's own.</summary>
    public abstract FrozenDictionary<string, string> ShownHeaders { get; }

    /// <summary>Where a call goes. Never holds a credential: addresses end up in logs of everyone on the way.</summary>
    /// <exception cref="ArgumentException">The kind does not take such calls: <see cref="ProviderFormats"/> was not asked.</exception>
    public abstract Uri AddressOf(AttemptRequest request);

    /// <summary>Where a call about an object goes that the provider keeps.</summary>
    /// <param name="path">Behind the base URL, with a slash before it.</param>
    /// <exception cref="ArgumentException">The kind keeps none: <see cref="ProviderFormats.KeepsObjects"/> was not asked.</exception>
    public virtual Uri ObjectAddressOf(ProviderConfig provider, string path, string? query) =>
        throw new ArgumentException($"Provider '{provider.Name}' of kind '{provider.Kind}' keeps no objects.", nameof(provider));

    /// <summary>Says who calls.</summary>
    public abstract void Authorize(HttpRequestHeaders headers, Secret key);

    /// <summary>Adds what the protocol requires and the client did not say.</summary>
    public virtual void Complete(HttpRequestHeaders headers)
    {
    }

    /// <summary>Signs a request that is complete, where the protocol wants that.</summary>
    public virtual void Sign(HttpRequestMessage message, AttemptRequest request, DateTimeOffset now)
    {
    }

    /// <summary>The content type of a stream.</summary>
    public virtual string StreamType => TextStream;

    /// <summary>A stream as text of server-sent events.</summary>
    public virtual Stream ToText(Stream stream) => stream;

    /// <summary>The status that <paramref name="status"/> stands for: 401 or 402 where the provider refuses the key or its account in the words of another one.</summary>
    public virtual int MeaningOf(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body) => status;

    /// <summary>The error that came with a bad status; null when it cannot be recognised.</summary>
    public virtual ChatError? ErrorOf(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body) => ErrorReader.TryRead(body, status);

    /// <summary>How long the body of a bad status asks to be left alone, where the protocol says it there.</summary>
    public virtual TimeSpan? RetryAfterOf(ReadOnlyMemory<byte> body) => null;

    protected static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Each name with <c>x-upstream-</c> before it, without an <c>x-</c> of its own.</summary>
    protected static IEnumerable<KeyValuePair<string, string>> Renamed(params IEnumerable<string> names) =>
        names.Select(name => new KeyValuePair<string, string>(name, "x-upstream-" + (name.StartsWith("x-", StringComparison.Ordinal) ? name[2..] : name)));

    protected static FrozenDictionary<string, string> Shown(IEnumerable<KeyValuePair<string, string>> names) =>
        names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    protected static ArgumentException NotSpoken(AttemptRequest request) => new(
        $"Provider '{request.Provider.Name}' of kind '{request.Provider.Kind}' does not {(request.CountsOnly ? "count tokens" : "answer")} in the format {request.Format}.",
        nameof(request));
}
