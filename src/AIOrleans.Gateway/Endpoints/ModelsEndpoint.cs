using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Flow.Steps;
using AIOrleans.Protocols.Calls;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Endpoints;

/// <summary>
/// <c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>, as OpenAI has them or, for clients that send <c>anthropic-version</c>, as Anthropic has, or <c>x-goog-api-key</c>, as
/// Gemini has, and all of <c>/v1beta</c>. They show what the caller may use. Never metered: a spent budget must not hide it.
/// </summary>
internal sealed class ModelsEndpoint(IDirectory directory, IdentifyStep identify, TimeProvider time)
{
    /// <summary>Aliases have no birthday; clients want a date. The gateway's start is at least stable while it runs.</summary>
    private readonly DateTimeOffset createdAt = time.GetUtcNow();

    private delegate Denial? Find(Exchange exchange, out ReadOnlyMemory<byte> body);

    public Task ListAsync(HttpContext http) => AnswerAsync(http, List);

    public Task OneAsync(HttpContext http) => AnswerAsync(http, One);

    private static ClientRoute RouteOf(HttpRequest request) =>
        request.Path.StartsWithSegments("/v1beta") || request.Headers.ContainsKey("x-goog-api-key") ? ClientRoute.GeminiModels
        : request.Headers.ContainsKey("anthropic-version") ? ClientRoute.AnthropicModels
        : ClientRoute.OpenAiModels;

    private Denial? List(Exchange exchange, out ReadOnlyMemory<byte> body)
    {
        ListedModel[] models =
        [
            .. exchange.Directory.Models.Values
                .Where(model => exchange.Caller.MayUseModel(model.Name))
                .OrderBy(model => model.Name, StringComparer.Ordinal)
                .Select(Listed),
        ];
        body = ModelsList.Write(models, exchange.Route.Format);
        return null;
    }

    private Denial? One(Exchange exchange, out ReadOnlyMemory<byte> body)
    {
        body = default;
        string id = (string?)exchange.Http.Request.RouteValues["id"] ?? "";
        if (!exchange.Directory.Models.TryGetValue(id, out ModelConfig? model) || !exchange.Caller.MayUseModel(id))
        {
            return new Denial.ModelNotFound(id);
        }

        body = ModelsList.WriteOne(Listed(model), exchange.Route.Format);
        return null;
    }

    private async Task AnswerAsync(HttpContext http, Find find)
    {
        var exchange = new Exchange(http, RouteOf(http.Request), directory.Current, time);
        ReadOnlyMemory<byte> body = default;
        if ((await identify.RunAsync(exchange) ?? find(exchange, out body)) is { } denial)
        {
            await ClientAnswer.DenyAsync(exchange, denial);
            return;
        }

        ClientAnswer.Begin(exchange, StatusCodes.Status200OK, "application/json", []);
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private ListedModel Listed(ModelConfig model) =>
        new(model.Name, createdAt, model.Routes.Count > 0 ? model.Routes[0].Provider : "aiorleans", model.ContextTokensMax, model.OutputTokensMax);
}
