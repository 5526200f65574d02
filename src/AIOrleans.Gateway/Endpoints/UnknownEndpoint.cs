using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Endpoints;

/// <summary>Answers what the data plane does not serve, in the words that its clients understand.</summary>
internal sealed class UnknownEndpoint(IDirectory directory, TimeProvider time)
{
    public Task RunAsync(HttpContext http) =>
        OpenAiAnswer.DenyAsync(new Exchange(http, directory.Current, time), new Denial.UnknownRoute(http.Request.Method, http.Request.Path));
}
