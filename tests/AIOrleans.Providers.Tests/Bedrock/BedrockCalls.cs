using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;

namespace AIOrleans.Providers.Tests.Bedrock;

/// <summary>Calls of a fake Bedrock, as the tests of it make them.</summary>
internal static class BedrockCalls
{
    public const string KeyId = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-central-1";
    public const string Body = """{"messages":[{"role":"user","content":[{"text":"é"}]}]}""";

    /// <summary>Plays <paramref name="then"/> for calls that <see cref="Request"/> makes.</summary>
    public static UpstreamScript Signed(string? token, UpstreamScript then, TimeProvider time) => BedrockScripts.Signed(KeyId, SecretKey, token, Region, time, then);

    public static AttemptRequest Request(FakeUpstream upstream, bool stream = true, string? token = null)
    {
        AwsCredentials credentials = new(new Secret(KeyId), new Secret(SecretKey), token is null ? null : new Secret(token));
        ProviderConfig provider = Attempts.Provider(new Uri(upstream.BaseUrl, "/")) with { Kind = ProviderKinds.Bedrock, Aws = new AwsAccess(Region, credentials) };
        return Attempts.Request(provider, stream, Body) with { Format = WireFormat.Bedrock };
    }
}
