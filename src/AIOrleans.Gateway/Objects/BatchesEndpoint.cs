using System.Net.Http;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Clients;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Flow.Steps;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Files;
using AIOrleans.Providers;
using AIOrleans.Providers.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Objects;

/// <summary>
/// OpenAI's batches. A batch is held and charged by its worst case before the provider has it, as the keeper of an orphan does, and by what it used once it is over:
/// the truth replaces the estimate in the ledger, exactly once, whatever dies meanwhile.
/// </summary>
internal sealed class BatchesEndpoint(
    RequestFlow flow, ObjectSteps steps, ObjectHolds holds, AuthorizeStep authorize, BatchAccounts accounts, IObjectStore objects, IOptions<GatewayOptions> options,
    ILogger<BatchesEndpoint> logger)
{
    private const int ListCountDefault = 20;

    private const int ListCountMax = 100;

    /// <summary>64 KiB: sixteen pairs of metadata are below ten.</summary>
    private const int BodyBytesMax = 64 * 1024;

    public Task CreateAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Batches, CreateAsync);

    public Task ListAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Batches, ListAsync);

    public Task OneAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Batches, exchange => TellAsync(exchange, HttpMethod.Get, ""));

    public Task CancelAsync(HttpContext http) => flow.RunAsync(http, ClientRoute.Batches, exchange => TellAsync(exchange, HttpMethod.Post, "/cancel"));

    private async ValueTask<Denial?> ListAsync(Exchange exchange)
    {
        if (await steps.AdmitAsync(exchange) is { } denial)
        {
            return denial;
        }

        (ObjectPage? page, Denial? mistaken) = ObjectPages.Read(exchange.Http.Request, ObjectKind.Batch, ListCountDefault, ListCountMax);
        return page is null ? mistaken : await steps.ListAsync(exchange, page, stored => accounts.RefreshAsync(stored, exchange.Directory, exchange.Http.RequestAborted));
    }

    /// <summary>What the provider says of a batch now. One that is over is accounted for before its client learns of it, and of its files.</summary>
    private async ValueTask<Denial?> TellAsync(Exchange exchange, HttpMethod method, string action)
    {
        if (await steps.AdmitAsync(exchange) is { } denial)
        {
            return denial;
        }

        (OwnObject? own, Denial? missing) = await steps.FindAsync(exchange, ObjectKind.Batch);
        if (own is null)
        {
            return missing;
        }

        var call = new ObjectCall(own.Provider, method, BatchAccounts.PathOf(own.Stored.Id) + action);
        ObjectResult result = method == HttpMethod.Get ? await steps.AskAsync(exchange, call) : await steps.ChangeAsync(call);
        if (result is ObjectResult.Answered answered && ToldObject.TryRead(answered.Body) is { IsOver: true } told && own.Stored.State == AccountState.Estimated
            && await accounts.TrySettleAsync(own.Stored with { Told = ObjectSteps.TextOf(answered.Body) }, told, own.Provider, CancellationToken.None) is { } reason)
        {
            BatchLog.NotSettled(logger, own.Stored.Id, own.Stored.Provider, reason);
            exchange.Fail(503, FailedBy.Provider);
            return new Denial.ProviderFailed(503, "The batch is over, but the provider did not yet tell what it used. Ask again.", TimeSpan.FromSeconds(2));
        }

        return await steps.TellAsync(exchange, own, result);
    }

    private async ValueTask<Denial?> CreateAsync(Exchange exchange)
    {
        if (await steps.AdmitAsync(exchange) is { } refused)
        {
            return refused;
        }

        byte[] body = new byte[BodyBytesMax + 1];
        int length = await exchange.Http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, exchange.Http.RequestAborted);
        if (length > BodyBytesMax)
        {
            return new Denial.Malformed($"The request body is too large: at most {BodyBytesMax} bytes are read.", null, "request_too_large");
        }

        body = body[..length];
        (BatchAsk? ask, RequestMistake? mistake) = BatchAsk.Read(body);
        if (ask is null)
        {
            return new Denial.Malformed(mistake!.Message, mistake.Param, mistake.Code); // ! One of both is null.
        }

        StoredObject? input = await objects.FindAsync(ObjectSteps.OrgOf(exchange.Caller), ObjectKind.File, ask.InputFile, exchange.Http.RequestAborted);
        (RouteConfig? route, Denial? denial) = Check(exchange, ask, input);
        return route is null ? denial : await SendAsync(exchange, body, input!.Work!, route); // ! Checked just now.
    }

    /// <summary>The route by which the batch goes, or why it may not: exactly one of both is null.</summary>
    private (RouteConfig? Route, Denial? Denied) Check(Exchange exchange, BatchAsk ask, StoredObject? input)
    {
        if (input is null)
        {
            return (null, Denial.ObjectNotFound.OfFile(ask.InputFile));
        }

        if (input.Work is not { } work)
        {
            return (null, new Denial.Malformed($"The file {input.Id} was not uploaded with the purpose 'batch'.", "input_file_id", "invalid_purpose"));
        }

        if (ask.Endpoint != work.Endpoint)
        {
            return (null, new Denial.Malformed($"The calls of the input file are of {work.Endpoint}, not of {ask.Endpoint}.", "endpoint", "mismatched_endpoint"));
        }

        if (authorize.Check(exchange, work.Model, ProviderFormats.KeepsObjects) is { } denial)
        {
            return (null, denial);
        }

        // The lines hold the provider's name of the model: what they were checked and priced for must still be so.
        RouteConfig? route = exchange.Model.Routes.FirstOrDefault(route => route.Provider == input.Provider && route.Model == work.ProviderModel);
        return route is not null && exchange.Directory.Providers.TryGetValue(route.Provider, out ProviderConfig? provider) && exchange.Caller.MayUseRegion(provider.Region)
            ? (route, null)
            : (null, new Denial.Malformed($"The model '{work.Model}' is no longer served by the provider and model that the file was uploaded for. Upload it again.", "input_file_id", "outdated_file"));
    }

    private async Task<Denial?> SendAsync(Exchange exchange, byte[] body, BatchWork work, RouteConfig route)
    {
        var units = new UsageUnits { Images = work.Images };
        NanoUsd cost = exchange.Prices.Of(route)?.WorstCostAt(ServiceTier.Batch, work.InputTokens, work.OutputTokens, units) ?? NanoUsd.Zero;
        var worst = new HoldSize(checked(work.InputTokens + work.OutputTokens), cost);
        (ObjectHold? held, Denial? refused) = await holds.TryHoldAsync(exchange, exchange.Caller.PathFor(work.Model), work.Model, worst);
        if (held is null)
        {
            return refused;
        }

        await using ObjectHold hold = held;
        ProviderConfig provider = exchange.Directory.Providers[route.Provider];
        ObjectResult result;
        try
        {
            result = await steps.ChangeAsync(new ObjectCall(provider, HttpMethod.Post, "/batches") { Body = ObjectBody.Json(body) });
        }
        catch (AttemptCancelledException cancelled) when (cancelled.MayBeBilled)
        {
            hold.SettleEstimate();
            throw;
        }

        if (result is not ObjectResult.Answered answered || ToldObject.TryRead(answered.Body) is not { } told)
        {
            AttemptFailure failure = result is ObjectResult.Failed failed ? failed.Failure : ObjectSteps.Garbage(provider.Name) with { MayBeBilled = true };
            if (failure.MayBeBilled)
            {
                // It may run, and nobody knows its name: its worst case stays charged.
                BatchLog.Unknown(logger, exchange.Id.ToString(), provider.Name);
                hold.SettleEstimate();
            }

            return ObjectAnswers.DenialOf(exchange, failure, missing: null);
        }

        hold.SettleEstimate();
        await RememberAsync(exchange, provider, new StoredObject
        {
            Provider = provider.Name,
            Id = told.Id,
            Kind = ObjectKind.Batch,
            Org = ObjectSteps.OrgOf(exchange.Caller),
            KeyId = exchange.Caller.KeyId,
            Path = exchange.Caller.PathFor(work.Model),
            CreatedAt = exchange.Now,
            Told = ObjectSteps.TextOf(answered.Body),
            Work = work,
            Hold = hold.Id,
            State = AccountState.Estimated,
            DueAt = exchange.Now + TimeSpan.FromSeconds(options.Value.BatchPollSeconds),
        });
        await ObjectAnswers.SendAsync(exchange, answered.Body, provider.Name);
        return null;
    }

    /// <summary>A batch of which nobody would know whose it is must not run. What it has used is not known then: its worst case stays charged.</summary>
    private async Task RememberAsync(Exchange exchange, ProviderConfig provider, StoredObject made)
    {
        try
        {
            await objects.AddAsync(made, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            BatchLog.Unknown(logger, exchange.Id.ToString(), provider.Name);
            await steps.ChangeAsync(new ObjectCall(provider, HttpMethod.Post, BatchAccounts.PathOf(made.Id) + "/cancel"));
            throw;
        }
    }
}
