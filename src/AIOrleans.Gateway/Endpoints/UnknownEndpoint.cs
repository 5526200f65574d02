using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Endpoints;

/// <summary>Answers what the data plane does not serve, in the words that its clients understand.</summary>
internal sealed class UnknownEndpoint(IDirectory directory, TimeProvider time)
{
    public Task RunAsync(HttpContext http) =>
        ClientAnswer.DenyAsync(new Exchange(http, RouteOf(http.Request), directory.Current, time), new Denial.UnknownRoute(http.Request.Method, http.Request.Path));

    /// <summary>Whose words to use, as far as the request tells.</summary>
    private static ClientRoute RouteOf(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1beta") || request.Headers.ContainsKey("x-goog-api-key") ? ClientRoute.GeminiModels
        : request.Headers.ContainsKey("anthropic-version") ? ClientRoute.Messages
        : ClientRoute.Chat;
}
