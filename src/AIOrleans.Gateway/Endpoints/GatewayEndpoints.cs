using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Gateway.Endpoints;

/// <summary>The addresses of the data plane.</summary>
public static class GatewayEndpoints
{
    /// <summary>Maps <c>/v1</c>, <c>/v1beta</c> and <c>/health</c>.</summary>
    /// <param name="servesCalls">False maps <c>/health</c> only.</param>
    public static void MapAIOrleansGateway(this IEndpointRouteBuilder routes, bool servesCalls = true)
    {
        if (servesCalls)
        {
            routes.MapAllCalls();
        }

        HealthEndpoints health = routes.ServiceProvider.GetRequiredService<HealthEndpoints>();
        routes.MapGet("/health/live", (RequestDelegate)health.LiveAsync);
        routes.MapGet("/health/ready", (RequestDelegate)health.ReadyAsync);
    }

    private static void MapAllCalls(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        RequestFlow flow = services.GetRequiredService<RequestFlow>();
        UnknownEndpoint unknown = services.GetRequiredService<UnknownEndpoint>();
        routes.MapCalls(flow, "/v1/chat/completions", ClientRoute.Chat);
        routes.MapCalls(flow, "/v1/responses", ClientRoute.Responses);
        routes.MapCalls(flow, "/v1/completions", ClientRoute.Completions);
        routes.MapCalls(flow, "/v1/embeddings", ClientRoute.Embeddings);
        routes.MapCalls(flow, "/v1/images/generations", ClientRoute.Images);
        routes.MapCalls(flow, "/v1/images/edits", ClientRoute.ImageEdits);
        routes.MapCalls(flow, "/v1/images/variations", ClientRoute.ImageVariations);
        routes.MapCalls(flow, "/v1/audio/speech", ClientRoute.Speech);
        routes.MapCalls(flow, "/v1/audio/transcriptions", ClientRoute.Transcriptions);
        routes.MapCalls(flow, "/v1/audio/translations", ClientRoute.Translations);
        routes.MapCalls(flow, "/v1/moderations", ClientRoute.Moderations);
        routes.MapCalls(flow, "/v1/rerank", ClientRoute.Rerank);
        routes.MapCalls(flow, "/v2/rerank", ClientRoute.Rerank);
        routes.MapCalls(flow, "/v1/messages", ClientRoute.Messages);
        routes.MapCalls(flow, "/v1/messages/count_tokens", ClientRoute.CountTokens);
        RequestDelegate gemini = http => ClientRoute.OfGemini((string?)http.Request.RouteValues["call"] ?? "") is { } route ? flow.RunAsync(http, route) : unknown.RunAsync(http);
        routes.MapPost("/v1/models/{**call}", gemini);
        routes.MapPost("/v1beta/models/{**call}", gemini);

        routes.MapObjects(services.GetRequiredService<FilesEndpoint>(), services.GetRequiredService<BatchesEndpoint>());
        ModelsEndpoint models = services.GetRequiredService<ModelsEndpoint>();
        routes.MapGet("/v1/models", (RequestDelegate)models.ListAsync);
        routes.MapGet("/v1/models/{*id}", (RequestDelegate)models.OneAsync);
        routes.MapGet("/v1beta/models", (RequestDelegate)models.ListAsync);
        routes.MapGet("/v1beta/models/{*id}", (RequestDelegate)models.OneAsync);
        routes.MapFallback("/v1/{**path}", (RequestDelegate)unknown.RunAsync);
        routes.MapFallback("/v1beta/{**path}", (RequestDelegate)unknown.RunAsync);
    }

    private static void MapObjects(this IEndpointRouteBuilder routes, FilesEndpoint files, BatchesEndpoint batches)
    {
        routes.MapPost("/v1/files", (RequestDelegate)files.UploadAsync);
        routes.MapGet("/v1/files", (RequestDelegate)files.ListAsync);
        routes.MapGet("/v1/files/{id}", (RequestDelegate)files.OneAsync);
        routes.MapDelete("/v1/files/{id}", (RequestDelegate)files.DeleteAsync);
        routes.MapGet("/v1/files/{id}/content", (RequestDelegate)files.ContentAsync);
        routes.MapPost("/v1/batches", (RequestDelegate)batches.CreateAsync);
        routes.MapGet("/v1/batches", (RequestDelegate)batches.ListAsync);
        routes.MapGet("/v1/batches/{id}", (RequestDelegate)batches.OneAsync);
        routes.MapPost("/v1/batches/{id}/cancel", (RequestDelegate)batches.CancelAsync);
    }

    private static void MapCalls(this IEndpointRouteBuilder routes, RequestFlow flow, string path, ClientRoute route) =>
        routes.MapPost(path, (RequestDelegate)(http => flow.RunAsync(http, route)));
}
