using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AIOrleans.Identity.Tests;

public sealed class PresentedKeyTests
{
    [Theory]
    [InlineData("Authorization", "Bearer sk-1", "sk-1")]
    [InlineData("authorization", "bearer  sk-1 ", "sk-1")]
    [InlineData("Authorization", "Basic c2stMQ==", null)]
    [InlineData("Authorization", "Bearer ", null)]
    [InlineData("Authorization", "sk-1", null)]
    [InlineData("x-api-key", "sk-1", "sk-1")]
    [InlineData("x-goog-api-key", "sk-1", "sk-1")]
    [InlineData("api-key", "sk-1", "sk-1")]
    [InlineData("x-key", "sk-1", null)]
    public void Is_found_where_clients_put_it(string header, string value, string? key) => Assert.Equal(key, Of((header, value)));

    [Fact]
    public void The_bearer_comes_first() => Assert.Equal("sk-bearer", Of(("x-api-key", "sk-header"), ("Authorization", "Bearer sk-bearer")));

    [Fact]
    public void Another_scheme_leaves_the_key_header() => Assert.Equal("sk-header", Of(("Authorization", "Basic x"), ("x-api-key", "sk-header")));

    [Fact]
    public void Two_values_of_one_header_are_none() => Assert.Null(Of(("x-api-key", new StringValues(["sk-1", "sk-2"]))));

    [Fact]
    public void The_query_is_not_looked_at()
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString("?key=sk-1&api-key=sk-1");

        Assert.Null(PresentedKey.Of(context.Request));
    }

    private static string? Of(params (string Name, StringValues Value)[] headers)
    {
        var context = new DefaultHttpContext();
        foreach ((string name, StringValues value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return PresentedKey.Of(context.Request);
    }
}
