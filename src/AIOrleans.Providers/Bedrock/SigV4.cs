using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Bedrock;

/// <summary>Signs requests as AWS wants them, version 4. The body is part of what is signed, the credentials never leave.</summary>
/// <remarks>Source: docs.aws.amazon.com, "AWS Identity and Access Management User Guide", "Create a signed AWS API request".</remarks>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string HostHeader = "host";
    private const string DateHeader = "x-amz-date";
    private const string TokenHeader = "x-amz-security-token";

    /// <summary>Adds the headers that are signed, and <c>authorization</c> with the signature. Nothing signed may change afterwards.</summary>
    public static void Sign(HttpRequestMessage message, Uri address, ReadOnlySpan<byte> body, string region, string service, AwsCredentials credentials, DateTimeOffset now)
    {
        string host = address.Authority;
        string date = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        List<(string Name, string Value)> signed = [(HostHeader, host), (DateHeader, date)];
        message.Headers.Host = host;
        message.Headers.TryAddWithoutValidation(DateHeader, date);
        if (credentials.SessionToken is { } token)
        {
            signed.Add((TokenHeader, token.Reveal()));
            message.Headers.TryAddWithoutValidation(TokenHeader, token.Reveal());
        }

        string authorization = Authorize(message.Method.Method, address, signed, body, region, service, credentials);
        message.Headers.TryAddWithoutValidation("authorization", authorization);
    }

    /// <summary>The value of <c>authorization</c>.</summary>
    /// <param name="address">Its path counts as it goes over the wire; its query, which calls of Bedrock have not, must be sorted already.</param>
    /// <param name="signed">Headers by name in small letters and in order, <c>x-amz-date</c> among them.</param>
    internal static string Authorize(
        string method, Uri address, List<(string Name, string Value)> signed, ReadOnlySpan<byte> body, string region, string service, AwsCredentials credentials)
    {
        string date = signed.Find(header => header.Name == DateHeader).Value;
        string day = date[..8];
        string scope = $"{day}/{region}/{service}/aws4_request";
        string names = string.Join(';', signed.Select(header => header.Name));
        string canonical = string.Join(
            '\n',
            method,
            CanonicalPathOf(address),
            address.Query.TrimStart('?'),
            string.Concat(signed.Select(header => $"{header.Name}:{header.Value.Trim()}\n")),
            names,
            Hex(SHA256.HashData(body)));
        string toSign = string.Join('\n', Algorithm, date, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        string signature = Hex(HMACSHA256.HashData(KeyOf(credentials.SecretAccessKey, day, region, service), Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Credential={credentials.AccessKeyId.Reveal()}/{scope}, SignedHeaders={names}, Signature={signature}";
    }

    /// <summary>The key of one day, region and service. Four hashes of a few bytes: not worth keeping.</summary>
    internal static byte[] KeyOf(Secret secret, string day, string region, string service)
    {
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secret.Reveal());
        foreach (string part in (ReadOnlySpan<string>)[day, region, service, "aws4_request"])
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return key;
    }

    /// <summary>Every segment escaped once more than on the wire: the colon of a model's id is <c>%3A</c> there and <c>%253A</c> here. Only S3 does otherwise.</summary>
    private static string CanonicalPathOf(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
