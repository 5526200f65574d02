using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AIOrleans.Testing;

/// <summary>What a fake Bedrock does with a request: looks at who calls, then answers with frames.</summary>
public static class BedrockScripts
{
    /// <summary>A complete answer of <c>Converse</c>.</summary>
    public const string Answer =
        """{"metrics":{"latencyMs":9},"output":{"message":{"role":"assistant","content":[{"text":"Hi there"}]}},"stopReason":"end_turn","usage":{"inputTokens":9,"outputTokens":2,"totalTokens":11}}""";

    /// <summary>A whole stream, one frame each.</summary>
    public static byte[][] Stream(params string[] words) =>
    [
        BedrockFrames.Event("messageStart", """{"p":"abc","role":"assistant"}"""),
        .. words.Select(Word),
        BedrockFrames.Event("contentBlockStop", """{"contentBlockIndex":0,"p":"abcd"}"""),
        BedrockFrames.Event("messageStop", """{"p":"ab","stopReason":"end_turn"}"""),
        BedrockFrames.Event("metadata", """{"metrics":{"latencyMs":9},"p":"abc","usage":{"inputTokens":9,"outputTokens":2,"totalTokens":11}}"""),
    ];

    /// <summary>The frame of one word.</summary>
    public static byte[] Word(string word) => BedrockFrames.Event("contentBlockDelta", $$$"""{"contentBlockIndex":0,"delta":{"text":"{{{word}}}"},"p":"abcdefgh"}""");

    /// <summary>Sends the pieces one after another, each at once, and ends cleanly.</summary>
    public static UpstreamScript Frames(params byte[][] pieces) => FramesThen(null, pieces);

    /// <summary>Sends the pieces, and then what <paramref name="then"/> does.</summary>
    public static UpstreamScript FramesThen(Func<HttpContext, Task>? then, params byte[][] pieces) => async (http, _) =>
    {
        http.Response.ContentType = "application/vnd.amazon.eventstream";
        http.Response.Headers["x-amzn-requestid"] = "amzn-1";
        foreach (byte[] piece in pieces)
        {
            await http.Response.Body.WriteAsync(piece);
            await http.Response.Body.FlushAsync();
        }

        if (then is not null)
        {
            await then(http);
        }
    };

    /// <summary>An error as Bedrock tells it.</summary>
    public static UpstreamScript Error(int status, string type, string message) =>
        UpstreamScripts.Json($$"""{"message":"{{message}}"}""", status, ("x-amzn-ErrorType", type + ":http://internal.amazon.com/coral/com.amazon.bedrock/"));

    /// <summary>Plays <paramref name="then"/> for a request that is signed well and not older than five minutes; refuses every other one as AWS does.</summary>
    public static UpstreamScript Signed(string keyId, string secret, string? sessionToken, string region, TimeProvider clock, UpstreamScript then) => async (http, request) =>
    {
        string? wrong = FindMistake(http, request, keyId, secret, sessionToken, region, clock.GetUtcNow());
        await (wrong is null ? then : Error(403, "InvalidSignatureException", wrong))(http, request);
    };

    // Written from AWS's description of what the service does, from the bytes that came; shares nothing with the code that signs.
    private static string? FindMistake(
        HttpContext http, UpstreamRequest request, string keyId, string secret, string? sessionToken, string region, DateTimeOffset now)
    {
        string[] parts = request.Headers.GetValueOrDefault("authorization", "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (parts is not ["AWS4-HMAC-SHA256", var credential, var signed, var signature])
        {
            return "no signature";
        }

        string stamp = request.Headers.GetValueOrDefault("x-amz-date", "");
        string scope = $"{stamp.Split('T')[0]}/{region}/bedrock/aws4_request";
        string[] names = signed["SignedHeaders=".Length..].Split(';');
        if (credential != $"Credential={keyId}/{scope}" || !names.Contains("host") || !names.Contains("x-amz-date"))
        {
            return "scope or headers";
        }

        if (sessionToken != request.Headers.GetValueOrDefault("x-amz-security-token") || (sessionToken is not null && !names.Contains("x-amz-security-token")))
        {
            return "session";
        }

        DateTimeOffset at = DateTimeOffset.ParseExact(
            stamp, "yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
        if ((now - at).Duration() > TimeSpan.FromMinutes(5))
        {
            return "expired";
        }

        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        StringBuilder canonical = new($"{request.Method}\n");
        foreach (char letter in target)
        {
            canonical.Append(char.IsAsciiLetterOrDigit(letter) || "-._~/".Contains(letter, StringComparison.Ordinal) ? letter : $"%{(int)letter:X2}");
        }

        canonical.Append("\n\n");
        foreach (string name in names)
        {
            canonical.Append($"{name}:{request.Headers[name]}\n");
        }

        canonical.Append($"\n{string.Join(';', names)}\n{Hash(request.Body)}");
        string toSign = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical.ToString()))}";
        byte[] key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes($"AWS4{secret}"), stamp[..8]), region), "bedrock"), "aws4_request");
        return signature == "Signature=" + Convert.ToHexString(Mac(key, toSign)).ToLowerInvariant() ? null : "signature";
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();

    private static byte[] Mac(byte[] key, string text)
    {
        using HMACSHA256 mac = new(key);
        return mac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }
}
