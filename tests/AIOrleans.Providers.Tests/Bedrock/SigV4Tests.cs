using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Providers.Bedrock;

namespace AIOrleans.Providers.Tests.Bedrock;

/// <summary>AWS's own published examples.</summary>
public sealed class SigV4Tests
{
    private const string Region = "us-east-1";
    private const string Date = "20150830T123600Z";
    private const string Token =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    /// <summary>The key of all of AWS's examples.</summary>
    private static readonly AwsCredentials Example = new(new Secret("AKIDEXAMPLE"), new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), null);

    private static readonly (string Name, string Value) Host = ("host", "example.amazonaws.com");
    private static readonly (string Name, string Value) AmzDate = ("x-amz-date", Date);

    /// <summary>From "Examples of how to derive a signing key for Signature Version 4" and "Task 3: Calculate the signature" of the AWS General Reference.</summary>
    [Theory]
    [InlineData("20120215", "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d")]
    [InlineData("20150830", "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")]
    public void Derives_the_key_of_a_day(string day, string key) =>
        Assert.Equal(key, Convert.ToHexStringLower(SigV4.KeyOf(Example.SecretAccessKey, day, Region, "iam")));

    /// <summary>From "Signing AWS requests with Signature Version 4" of the AWS General Reference: the call of ListUsers.</summary>
    [Fact]
    public void Signs_the_example_of_the_documentation() => Assert.Equal(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        SigV4.Authorize(
            "GET",
            new Uri("https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08"),
            [("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", "iam.amazonaws.com"), AmzDate],
            [],
            Region,
            "iam",
            Example));

    /// <summary>From aws-sig-v4-test-suite, by the name of the test.</summary>
    [Theory]
    [InlineData("get-vanilla", "GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("post-vanilla", "POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/?Param1=value1&Param2=value2", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")]
    public void Signs_as_the_test_suite(string name, string method, string path, string signature) =>
        Assert.Equal(
            $"{name}: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}",
            $"{name}: {Signed(method, path, [Host, AmzDate], "")}");

    /// <summary>The tests post-x-www-form-urlencoded and post-sts-header-before of aws-sig-v4-test-suite.</summary>
    [Fact]
    public void Signs_a_body_and_a_session_token_as_the_test_suite()
    {
        Assert.EndsWith(
            "SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            Signed("POST", "/", [("content-type", "application/x-www-form-urlencoded"), Host, AmzDate], "Param1=value1"),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            Signed("POST", "/", [Host, AmzDate, ("x-amz-security-token", Token)], ""),
            StringComparison.Ordinal);
    }

    /// <summary>post-sts-header-before again, as a whole message.</summary>
    [Fact]
    public void Puts_into_the_message_what_it_signed()
    {
        using HttpRequestMessage message = new(HttpMethod.Post, "https://example.amazonaws.com/");
        SigV4.Sign(
            message, new Uri("https://example.amazonaws.com/"), [], Region, "service", Example with { SessionToken = new Secret(Token) }, new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));

        Assert.Equal(("example.amazonaws.com", Date, Token), (message.Headers.Host, ValueOf(message, "x-amz-date"), ValueOf(message, "x-amz-security-token")));
        Assert.EndsWith("Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead", ValueOf(message, "authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public void Signs_the_port_where_it_is_not_the_usual_one()
    {
        using HttpRequestMessage message = new(HttpMethod.Post, "http://[::1]:8080/");
        SigV4.Sign(message, new Uri("http://[::1]:8080/"), [], Region, "service", Example, DateTimeOffset.UnixEpoch);
        Assert.Equal("[::1]:8080", message.Headers.Host);
    }

    private static string Signed(string method, string path, List<(string Name, string Value)> headers, string body) =>
        SigV4.Authorize(method, new Uri("https://example.amazonaws.com" + path), headers, Encoding.UTF8.GetBytes(body), Region, "service", Example);

    private static string ValueOf(HttpRequestMessage message, string name) => message.Headers.NonValidated[name].ToString();
}
