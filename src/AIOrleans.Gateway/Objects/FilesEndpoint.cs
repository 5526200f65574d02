using System.Net.Http;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow;
using AIOrleans.Protocols.OpenAi.Files;
using AIOrleans.Providers.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Objects;

/// <summary>OpenAI's files: they pass to a provider that keeps them, and belong to the org that uploaded them. An upload counts as a request of <c>files</c>.</summary>
internal sealed class FilesEndpoint(
    RequestFlow flow, ObjectSteps steps, ObjectHolds holds, BatchInput batchInput, IObjectStore objects, KeepAlives keepAlives, IOptions<GatewayOptions> options)
{
    public const string BatchPurpose = "batch";

    private const int ListCountMax = 10_000;

    private const int PieceBytes = 64 * 1024;

    public Task UploadAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Files, UploadAsync);

    public Task ListAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Files, ListAsync);

    public Task OneAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Files, exchange => WithFileAsync(exchange, async own =>
        await steps.TellAsync(exchange, own, await steps.AskAsync(exchange, new ObjectCall(own.Provider, HttpMethod.Get, PathOf(own))))));

    public Task ContentAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Files, exchange => WithFileAsync(exchange, own => GiveAsync(exchange, own)));

    public Task DeleteAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Files, exchange => WithFileAsync(exchange, own => DeleteAsync(exchange, own)));

    private static string PathOf(OwnObject own) => "/files/" + Uri.EscapeDataString(own.Stored.Id);

    private async ValueTask<Denial?> WithFileAsync(Exchange exchange, Func<OwnObject, Task<Denial?>> actAsync)
    {
        if (await steps.AdmitAsync(exchange) is { } denial)
        {
            return denial;
        }

        (OwnObject? own, Denial? missing) = await steps.FindAsync(exchange, ObjectKind.File);
        return own is null ? missing : await actAsync(own);
    }

    private async ValueTask<Denial?> ListAsync(Exchange exchange)
    {
        if (await steps.AdmitAsync(exchange) is { } denial)
        {
            return denial;
        }

        (ObjectPage? page, Denial? mistaken) = ObjectPages.Read(exchange.Http.Request, ObjectKind.File, ListCountMax, ListCountMax);
        return page is null ? mistaken : await steps.ListAsync(exchange, page, Task.FromResult);
    }

    private async ValueTask<Denial?> UploadAsync(Exchange exchange)
    {
        if (await steps.AdmitAsync(exchange) is { } refused)
        {
            return refused;
        }

        using var form = new UploadForm();
        if (await form.ReadAsync(exchange.Http.Request, options.Value.FileBytesMax, exchange.Http.RequestAborted) is { } mistaken)
        {
            return mistaken;
        }

        if (form.Purpose != BatchPurpose)
        {
            (ProviderConfig? provider, Denial? unserved) = ObjectProviders.Choose(exchange);
            return provider is null ? unserved : await SendAsync(exchange, form, form.File, provider, work: null);
        }

        using var renamed = new Spool();
        (BatchWork? work, ProviderConfig? keeper, Denial? unusable) = await batchInput.RewriteAsync(exchange, form.File, renamed);
        return work is null || keeper is null ? unusable : await SendAsync(exchange, form, renamed, keeper, work);
    }

    private async Task<Denial?> SendAsync(Exchange exchange, UploadForm form, Spool file, ProviderConfig provider, BatchWork? work)
    {
        (ObjectHold? held, Denial? refused) = await holds.TryHoldAsync(exchange, exchange.Caller.Path, model: "", new HoldSize(0, NanoUsd.Zero));
        if (held is null)
        {
            return refused;
        }

        await using ObjectHold hold = held;
        ObjectResult result = await steps.ChangeAsync(new ObjectCall(provider, HttpMethod.Post, "/files") { Body = form.ToBody(file) });
        if (result is not ObjectResult.Answered answered || ToldObject.TryRead(answered.Body) is not { } told)
        {
            return ObjectAnswers.DenialOf(exchange, result is ObjectResult.Failed { Failure: var failure } ? failure : ObjectSteps.Garbage(provider.Name), missing: null);
        }

        await RememberAsync(exchange, provider, new StoredObject
        {
            Provider = provider.Name,
            Id = told.Id,
            Kind = ObjectKind.File,
            Org = ObjectSteps.OrgOf(exchange.Caller),
            KeyId = exchange.Caller.KeyId,
            Path = exchange.Caller.Path,
            Purpose = form.Purpose,
            Bytes = file.Length,
            CreatedAt = exchange.Now,
            Told = ObjectSteps.TextOf(answered.Body),
            Work = work,
        });
        hold.Settle(provider.Name, "");
        await ObjectAnswers.SendAsync(exchange, answered.Body, provider.Name);
        return null;
    }

    /// <summary>A file of which nobody would know whose it is must not stay.</summary>
    private async Task RememberAsync(Exchange exchange, ProviderConfig provider, StoredObject made)
    {
        bool isRemembered = false;
        try
        {
            await objects.AddAsync(made, CancellationToken.None);
            isRemembered = true;
        }
        finally
        {
            if (!isRemembered)
            {
                await steps.ChangeAsync(new ObjectCall(provider, HttpMethod.Delete, "/files/" + Uri.EscapeDataString(made.Id)));
                exchange.Fail(503, FailedBy.Gateway);
            }
        }
    }

    private async Task<Denial?> DeleteAsync(Exchange exchange, OwnObject own)
    {
        ObjectResult result = await steps.ChangeAsync(new ObjectCall(own.Provider, HttpMethod.Delete, PathOf(own)));
        bool isGone = result is ObjectResult.Answered or ObjectResult.Failed { Failure.Status: 404 };
        if (isGone)
        {
            await objects.RemoveAsync(own.Stored.Provider, own.Stored.Id, CancellationToken.None);
        }

        if (result is ObjectResult.Answered answered)
        {
            await ObjectAnswers.SendAsync(exchange, answered.Body, own.Stored.Provider);
            return null;
        }

        return ObjectAnswers.DenialOf(exchange, ((ObjectResult.Failed)result).Failure, own.Missing);
    }

    /// <summary>Gives the contents as they come. They break off with the connection, so that nobody takes a half for the whole.</summary>
    private async Task<Denial?> GiveAsync(Exchange exchange, OwnObject own)
    {
        ObjectResult result = await steps.AskAsync(exchange, new ObjectCall(own.Provider, HttpMethod.Get, PathOf(own) + "/content") { AnswersBytes = true });
        if (result is not ObjectResult.Bytes bytes)
        {
            return ObjectAnswers.DenialOf(exchange, ((ObjectResult.Failed)result).Failure, own.Missing);
        }

        await using var body = bytes.Body;
        ClientAnswer.Begin(exchange, bytes.Status, bytes.ContentType, []);
        exchange.Http.Response.Headers["x-aiorleans-provider"] = own.Stored.Provider;
        await using ClientWriter client = keepAlives.BeginBytes(exchange, recording: null);
        byte[] buffer = new byte[PieceBytes];
        try
        {
            int length;
            while (!client.IsGone && (length = await body.ReadAsync(buffer, exchange.Http.RequestAborted)) > 0)
            {
                await client.WriteAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Providers.ProviderException exception)
        {
            exchange.Fail(502, FailedBy.Provider);
            exchange.Http.Abort();
            throw new IOException(exception.Message, exception);
        }

        return null;
    }
}
