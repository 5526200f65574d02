using System.Text.Json;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Idempotency;

/// <summary>Shorthand of the idempotency tests.</summary>
internal static class Answers
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>An upstream that answers when <paramref name="gate"/> opens.</summary>
    public static UpstreamScript After(Task gate, UpstreamScript script) => async (http, request) =>
    {
        await gate;
        await script(http, request);
    };

    public static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    public static bool IsReplay(HttpResponseMessage response) => response.Headers.Contains("x-aiorleans-idempotent-replayed");

    /// <summary>Fails unless it is a refusal that no retry helps against.</summary>
    /// <returns>Its sentence.</returns>
    public static async Task<string> AssertRefusedAsync(HttpResponseMessage response, int status, string code)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        JsonElement error = document.RootElement.GetProperty("error");
        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
        Assert.Equal("false", Header(response, "x-should-retry"));
        return error.GetProperty("message").GetString() ?? "";
    }
}
