using System.Collections.Frozen;
using System.Net.Http.Headers;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Providers.Http.Wires;

/// <summary>Anthropic's messages. <c>anthropic-organization-id</c> is not shown: it names the gateway's account.</summary>
internal sealed class AnthropicWire : ProviderWire
{
    private const string VersionHeader = "anthropic-version";

    /// <summary>What the gateway's own requests are written for, with the parameters for sampling that 2026-10-21 has no more. A client's own version passes.</summary>
    private const string Version = "2023-06-01";

    /// <summary>Anthropic refuses an account without money as a bad request, with this sentence.</summary>
    private const string NoCredit = "Your credit balance is too low";

    private static readonly string[] Limited = ["requests", "tokens", "input-tokens", "output-tokens", "priority-input-tokens", "priority-output-tokens"];

    public override FrozenSet<string> ForwardedHeaders { get; } = Names(VersionHeader, "anthropic-beta");

    public override FrozenDictionary<string, string> ShownHeaders { get; } = Shown(Renamed(
        [
            "request-id",
            .. Limited.SelectMany(what => new[] { "limit", "remaining", "reset" }.Select(told => $"anthropic-ratelimit-{what}-{told}")),
        ]));

    public override Uri AddressOf(AttemptRequest request) => request.Format == WireFormat.Anthropic
        ? Address.Join(Address.BaseOf(request.Provider), request.CountsOnly ? "/messages/count_tokens" : "/messages")
        : throw NotSpoken(request);

    public override void Authorize(HttpRequestHeaders headers, Secret key) => headers.TryAddWithoutValidation("x-api-key", key.Reveal());

    public override void Complete(HttpRequestHeaders headers)
    {
        if (!headers.NonValidated.Contains(VersionHeader))
        {
            headers.TryAddWithoutValidation(VersionHeader, Version);
        }
    }

    public override int MeaningOf(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body) =>
        status == 400 && ErrorReader.TryRead(body, status)?.Message.StartsWith(NoCredit, StringComparison.Ordinal) == true ? 402 : status;
}
