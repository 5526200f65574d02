using System.Collections.Immutable;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Routing;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers;

namespace AIOrleans.Gateway.Flow;

/// <summary>A client's call as one deployment gets it.</summary>
/// <param name="Body">The client's own bytes where both sides speak the same format, with the model's name changed; else written anew.</param>
/// <param name="Omitted">Fields of the client that were left out in translation.</param>
internal sealed record UpstreamCall(WireFormat Format, ReadOnlyMemory<byte> Body, ImmutableArray<string> Omitted)
{
    /// <summary>Makes it, or says which field of the client's the provider cannot be told: exactly one of both is null.</summary>
    public static (UpstreamCall? Call, RequestMistake? Mistake) For(Exchange exchange, RouteCandidate candidate)
    {
        CallFacts request = exchange.Request;
        string model = candidate.Route.Model;
        WireFormat format = ProviderFormats.For(candidate.Provider, request.Format)
            ?? throw new InvalidOperationException("Route ranks only deployments that can serve the call.");
        if (format == request.Format)
        {
            return (new UpstreamCall(format, CallPatch.Apply(request, model), []), null);
        }

        if (exchange.Canonical is null)
        {
            (exchange.Canonical, RequestMistake? unreadable) = RequestTranslator.Read(request.Body, request.Format, exchange.Route.Address);
            if (unreadable is not null)
            {
                return (null, unreadable);
            }
        }

        // ! Read just now, or by an earlier attempt.
        (TranslatedRequest? translated, RequestMistake? mistake) = RequestTranslator.Write(exchange.Canonical!, format, ShapeOf(exchange, candidate.Provider, model));
        return (translated is null ? null : new UpstreamCall(format, translated.Body, translated.Omitted), mistake);
    }

    private static UpstreamShape ShapeOf(Exchange exchange, ProviderConfig provider, string model) => new(model)
    {
        OutputTokensMax = Math.Max(1, exchange.Model.OutputTokensMax),
        DropUnsupported = exchange.DropsParams,
        UsesMaxTokens = provider.Dialect.UsesMaxTokens,
        ThinksAdaptively = provider.Dialect.ThinksAdaptively(model),
        CountsOnly = exchange.Route.CountsOnly,
    };
}
