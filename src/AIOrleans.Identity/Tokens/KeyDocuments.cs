using System.Net.Http;
using System.Text.Json;

namespace AIOrleans.Identity.Tokens;

/// <summary>Reads the keys of issuers: from their metadata over HTTPS, or from a file. Bounded in size and in time; redirections are not followed.</summary>
internal sealed class KeyDocuments : IDisposable
{
    /// <summary>A metadata document has a few kilobytes, a hundred RSA keys with certificates some two hundred.</summary>
    private const int BytesMax = 1024 * 1024;

    /// <summary>Of one document: a caller may be waiting for its token to be checked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Addresses of issuers change now and then; a connection must not outlive their DNS entry for long.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = BytesMax,
        Timeout = Patience,
    };

    /// <summary>True for https, and where that is not required, for http to this machine.</summary>
    public static bool MayRead(Uri address, bool requiresHttps) =>
        address.Scheme == Uri.UriSchemeHttps || (!requiresHttps && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    /// <summary>The text of the issuer's JSON Web Key Set.</summary>
    /// <exception cref="KeysUnavailableException">It cannot be had, and why.</exception>
    public async Task<string> ReadAsync(JwtIssuerOptions issuer, CancellationToken cancellationToken)
    {
        try
        {
            if (issuer.KeysFile.Length > 0)
            {
                return new FileInfo(issuer.KeysFile).Length <= BytesMax
                    ? await File.ReadAllTextAsync(issuer.KeysFile, cancellationToken)
                    : throw new KeysUnavailableException($"{issuer.KeysFile} is larger than {BytesMax} bytes.");
            }

            string metadata = await http.GetStringAsync(new Uri(issuer.MetadataUrl), cancellationToken);
            return await http.GetStringAsync(KeysAddress(metadata, issuer), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            throw new KeysUnavailableException(exception.Message);
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>The address of the keys, from metadata that is the issuer's own.</summary>
    // Source: OpenID Connect Discovery 1.0 §4.3: the issuer of the metadata and of the tokens must be the same.
    private static Uri KeysAddress(string metadata, JwtIssuerOptions issuer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(metadata);
            string? Text(string name) =>
                document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString() : null;
            if (Text("issuer") != issuer.IssuerName)
            {
                throw new KeysUnavailableException($"the metadata is of issuer '{Text("issuer")}', not '{issuer.IssuerName}'; set Issuer to what its tokens say, to the letter.");
            }

            return Uri.TryCreate(Text("jwks_uri"), UriKind.Absolute, out Uri? address) && MayRead(address, issuer.RequireHttpsMetadata)
                ? address
                : throw new KeysUnavailableException("the metadata has no jwks_uri with https.");
        }
        catch (JsonException)
        {
            throw new KeysUnavailableException("the metadata is no JSON.");
        }
    }
}

/// <summary>The keys of an issuer cannot be read now.</summary>
internal sealed class KeysUnavailableException(string message) : Exception(message);
