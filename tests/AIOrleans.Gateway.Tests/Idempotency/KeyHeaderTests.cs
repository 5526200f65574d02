using AIOrleans.Gateway.Idempotency;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AIOrleans.Gateway.Tests.Idempotency;

public sealed class KeyHeaderTests
{
    [Theory]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("stainless-node-retry-8e03978e")]
    [InlineData("a b~!\"#")]
    public void Takes_what_clients_send(string key) => Assert.Null(KeyHeader.MistakeIn(key));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("Schlüssel", "printable ASCII")]
    [InlineData("tab\there", "printable ASCII")]
    public void Refuses_what_is_no_key(string key, string reason)
    {
        Assert.Contains(reason, KeyHeader.MistakeIn(key)?.Message, StringComparison.Ordinal);
        Assert.Equal("invalid_idempotency_key", KeyHeader.MistakeIn(key)?.MistakeCode);
    }

    [Fact]
    public void Refuses_one_character_too_many_and_a_second_value()
    {
        Assert.Null(KeyHeader.MistakeIn(new string('k', KeyHeader.CharsMax)));
        Assert.Contains("256 characters", KeyHeader.MistakeIn(new string('k', KeyHeader.CharsMax + 1))?.Message, StringComparison.Ordinal);
        Assert.Contains("more than once", KeyHeader.MistakeIn(new StringValues(["a", "b"]))?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_method_path_query_or_body_is_another_request()
    {
        string[] prints =
        [
            Of("POST", "/v1/chat/completions", "", "{}"), Of("PUT", "/v1/chat/completions", "", "{}"), Of("POST", "/v1/embeddings", "", "{}"),
            Of("POST", "/v1/chat/completions", "?a=1", "{}"), Of("POST", "/v1/chat/completions", "", "{ }"),
        ];

        Assert.Equal(prints.Length, prints.Distinct().Count());
        Assert.Equal(prints[0], Of("POST", "/v1/chat/completions", "", "{}"));
    }

    private static string Of(string method, string path, string query, string body) => KeyHeader.FingerprintOf(
        new DefaultHttpContext { Request = { Method = method, Path = path, QueryString = new QueryString(query) } }.Request, System.Text.Encoding.UTF8.GetBytes(body));
}
