using System.Buffers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Flow.Steps;
using AIOrleans.Protocols.OpenAi;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>: what the caller may use. Never metered: a spent budget must not hide it.</summary>
internal sealed class ModelsEndpoint(IDirectory directory, IdentifyStep identify, TimeProvider time)
{
    /// <summary>Aliases have no birthday; clients want a number. The gateway's start is at least stable while it runs.</summary>
    private readonly DateTimeOffset createdAt = time.GetUtcNow();

    public Task ListAsync(HttpContext http) => AnswerAsync(http, (exchange, buffer) =>
    {
        ModelsList.Write(buffer, exchange.Directory.Models.Values
            .Where(model => exchange.Caller.MayUseModel(model.Name))
            .OrderBy(model => model.Name, StringComparer.Ordinal)
            .Select(Listed));
        return null;
    });

    public Task OneAsync(HttpContext http) => AnswerAsync(http, (exchange, buffer) =>
    {
        string id = (string?)http.Request.RouteValues["id"] ?? "";
        if (!exchange.Directory.Models.TryGetValue(id, out ModelConfig? model) || !exchange.Caller.MayUseModel(id))
        {
            return new Denial.ModelNotFound(id);
        }

        ModelsList.WriteOne(buffer, Listed(model));
        return null;
    });

    private async Task AnswerAsync(HttpContext http, Func<Exchange, IBufferWriter<byte>, Denial?> write)
    {
        var exchange = new Exchange(http, directory.Current, time);
        var buffer = new ArrayBufferWriter<byte>(1024);
        if ((identify.Run(exchange) ?? write(exchange, buffer)) is { } denial)
        {
            await OpenAiAnswer.DenyAsync(exchange, denial);
            return;
        }

        OpenAiAnswer.Begin(exchange, StatusCodes.Status200OK, "application/json", []);
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    private ListedModel Listed(ModelConfig model) => new(model.Name, createdAt, model.Routes.Count > 0 ? model.Routes[0].Provider : "aiorleans");
}
