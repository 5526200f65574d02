using System.Collections.Frozen;
using System.Net.Http.Headers;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Bedrock;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers.Http.Wires;

namespace AIOrleans.Providers.Bedrock;

/// <summary>Amazon Bedrock's Converse: requests signed, or with an API key of Bedrock's own; streams in binary frames.</summary>
internal sealed class BedrockWire : ProviderWire
{
    /// <summary>What signatures are made for; the name of the host is another one.</summary>
    private const string Service = "bedrock";

    public override FrozenSet<string> ForwardedHeaders { get; } = Names();

    public override FrozenDictionary<string, string> ShownHeaders { get; } = Shown([new("x-amzn-requestid", "x-upstream-request-id")]);

    public override string StreamType => "application/vnd.amazon.eventstream";

    public override Stream ToText(Stream stream) => new EventStreamText(stream);

    public override Uri AddressOf(AttemptRequest request)
    {
        if (request.Format != WireFormat.Bedrock)
        {
            throw NotSpoken(request);
        }

        string operation = request.CountsOnly ? "count-tokens" : request.Streamed ? "converse-stream" : "converse";
        return Address.Join(BaseOf(request.Provider), $"/model/{Address.Segment(request.Model)}/{operation}");
    }

    public override void Authorize(HttpRequestHeaders headers, Secret key) => headers.TryAddWithoutValidation("authorization", "Bearer " + key.Reveal());

    public override void Sign(HttpRequestMessage message, AttemptRequest request, DateTimeOffset now)
    {
        if (message.RequestUri is { } address && request.Provider is { ApiKey: null, Aws: { Credentials: { } credentials } aws })
        {
            SigV4.Sign(message, address, request.Body.Span, aws.Region, Service, credentials, now);
        }
    }

    /// <summary>A full quota is told as a mistake of the request, and a model's own failure as one of what it depends on.</summary>
    // Source: "Amazon Bedrock API Reference", API_runtime_Converse, "Errors".
    public override int MeaningOf(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body) => status switch
    {
        400 when ErrorOf(status, headers, body) is { Kind: ErrorKind.RateLimit } => 429,
        424 => 502,
        _ => status,
    };

    public override ChatError? ErrorOf(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body)
    {
        string? type = headers.NonValidated.TryGetValues(BedrockErrors.TypeHeader, out HeaderStringValues values) ? values.ToString() : null;
        return type is null ? base.ErrorOf(status, headers, body) : BedrockErrors.TryRead(body, type);
    }

    private static Uri BaseOf(ProviderConfig provider) => provider.BaseUrl ?? (provider.Aws is { Region: var region }
        ? new Uri($"https://bedrock-runtime.{region}.amazonaws.com")
        : throw new ArgumentException($"Provider '{provider.Name}' has neither baseUrl nor awsRegion.", nameof(provider)));
}
