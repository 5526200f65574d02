using System.Net;
using AIOrleans.Identity.Tokens;
using AIOrleans.Testing.Issuers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Identity.Tests.Tokens;

public sealed class KeyDocumentsTests : IDisposable
{
    private static readonly SigningKey Key = SigningKey.Curve();

    private readonly KeyDocuments documents = new();

    public void Dispose() => documents.Dispose();

    [Theory]
    [InlineData("https://id.example/", true, true)]
    [InlineData("http://id.example/", true, false)]
    [InlineData("http://id.example/", false, false)]
    [InlineData("http://127.0.0.1:5000/", true, false)]
    [InlineData("http://127.0.0.1:5000/", false, true)]
    [InlineData("http://localhost/", false, true)]
    [InlineData("file:///etc/passwd", false, false)]
    [InlineData("ftp://127.0.0.1/", false, false)]
    public void Only_https_is_read_and_http_from_this_machine_where_it_may(string address, bool requiresHttps, bool may) =>
        Assert.Equal(may, KeyDocuments.MayRead(new Uri(address), requiresHttps));

    [Fact]
    public async Task Metadata_says_where_the_keys_are()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(Key);

        Assert.Contains(Key.Kid!, await documents.ReadAsync(Of(issuer.Url), default), StringComparison.Ordinal); // ! It has one.
    }

    [Fact]
    public async Task Metadata_of_another_issuer_is_refused()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(Key);
        issuer.OtherName = issuer.Url + "/";

        string why = (await Assert.ThrowsAsync<KeysUnavailableException>(() => documents.ReadAsync(Of(issuer.Url), default))).Message;

        Assert.Contains("to the letter", why, StringComparison.Ordinal);
        Assert.Equal(0, issuer.Reads);
    }

    [Fact]
    public async Task An_issuer_that_is_away_is_a_reason()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(Key);
        issuer.IsAway = true;

        await Assert.ThrowsAsync<KeysUnavailableException>(() => documents.ReadAsync(Of(issuer.Url), default));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"issuer":"ISSUER"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"http://id.example/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}""")]
    public async Task Metadata_that_leads_nowhere_or_elsewhere_is_refused(string metadata)
    {
        await using WebApplication server = await ServeAsync((http, url) => http.Response.WriteAsync(metadata.Replace("ISSUER", url, StringComparison.Ordinal)));

        await Assert.ThrowsAsync<KeysUnavailableException>(() => documents.ReadAsync(Of(server.Urls.First()), default));
    }

    [Fact]
    public async Task Redirections_are_not_followed()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(Key);
        await using WebApplication server = await ServeAsync((http, _) =>
        {
            http.Response.Redirect(issuer.Url + http.Request.Path);
            return Task.CompletedTask;
        });

        // Whoever followed would find all that it looks for.
        issuer.OtherName = server.Urls.First();

        await Assert.ThrowsAsync<KeysUnavailableException>(() => documents.ReadAsync(Of(server.Urls.First()), default));
        Assert.Equal(0, issuer.Reads);
    }

    [Fact]
    public async Task A_document_is_bounded()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(Key);
        issuer.Nonsense = new string(' ', 1024 * 1024 + 1);

        await Assert.ThrowsAsync<KeysUnavailableException>(() => documents.ReadAsync(Of(issuer.Url), default));
    }

    [Fact]
    public async Task A_file_is_read_anew_each_time()
    {
        string path = Path.GetTempFileName();
        try
        {
            var issuer = new JwtIssuerOptions { KeysFile = path, Issuer = "batch" };
            await File.WriteAllTextAsync(path, "one");
            Assert.Equal("one", await documents.ReadAsync(issuer, default));
            await File.WriteAllTextAsync(path, "two");
            Assert.Equal("two", await documents.ReadAsync(issuer, default));
            File.Delete(path);
            await Assert.ThrowsAsync<KeysUnavailableException>(() => documents.ReadAsync(issuer, default));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static JwtIssuerOptions Of(string url) => new() { Authority = url, RequireHttpsMetadata = false };

    private static async Task<WebApplication> ServeAsync(Func<HttpContext, string, Task> answerAsync)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        server.Run(http => answerAsync(http, server.Urls.First()));
        await server.StartAsync();
        return server;
    }
}
