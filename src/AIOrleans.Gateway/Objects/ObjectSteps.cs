using AIOrleans.Core.Accounts;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Flow;
using AIOrleans.Gateway.Flow.Steps;
using AIOrleans.Protocols.OpenAi.Files;
using AIOrleans.Providers;
using AIOrleans.Providers.Objects;

namespace AIOrleans.Gateway.Objects;

/// <summary>What calls about files and about batches have in common: who calls, whose the object is, and what its provider says of it.</summary>
internal sealed class ObjectSteps(IdentifyStep identify, IObjectStore objects, IObjectProvider provider, InFlight inFlight)
{
    /// <summary>Who is calling, and may they.</summary>
    public async ValueTask<Denial?> AdmitAsync(Exchange exchange) => await identify.RunAsync(exchange) ?? AuthorizeStep.CheckCaller(exchange);

    /// <summary>The org of the caller: everybody in it shares its objects.</summary>
    public static AccountId OrgOf(Caller caller) => AccountId.Of(AccountKind.Org, caller.Tenant, caller.Org);

    /// <summary>The object that the address names and its provider, if it is the caller's: exactly one of both is null.</summary>
    public async Task<(OwnObject? Own, Denial? Denied)> FindAsync(Exchange exchange, ObjectKind kind)
    {
        string id = (string?)exchange.Http.Request.RouteValues["id"] ?? "";
        Denial missing = kind == ObjectKind.File ? Denial.ObjectNotFound.OfFile(id) : Denial.ObjectNotFound.OfBatch(id);
        return await objects.FindAsync(OrgOf(exchange.Caller), kind, id, exchange.Http.RequestAborted) is { } stored
            && exchange.Directory.Providers.TryGetValue(stored.Provider, out ProviderConfig? keeper)
            && ProviderFormats.KeepsObjects(keeper)
            && exchange.Caller.MayUseRegion(keeper.Region)
            ? (new OwnObject(stored, keeper, missing), null)
            : (null, missing);
    }

    /// <summary>Asks the provider for what a client may stop waiting for.</summary>
    public async Task<ObjectResult> AskAsync(Exchange exchange, ObjectCall call)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted, inFlight.Cut);
        return await provider.CallAsync(call, until.Token);
    }

    /// <summary>Has the provider make or change something: that goes on when the client leaves, because it has to be known whose it is.</summary>
    public Task<ObjectResult> ChangeAsync(ObjectCall call) => provider.CallAsync(call, inFlight.Cut);

    /// <summary>Notes what the provider told of an object, and gives it to the client.</summary>
    public async Task<Denial?> TellAsync(Exchange exchange, OwnObject own, ObjectResult result)
    {
        switch (result)
        {
            case ObjectResult.Answered answered when ToldObject.TryRead(answered.Body) is not null:
                await objects.NoteAsync(own.Stored with { Told = TextOf(answered.Body) }, CancellationToken.None);
                await ObjectAnswers.SendAsync(exchange, answered.Body, own.Stored.Provider);
                return null;
            case ObjectResult.Failed { Failure: var failure }:
                return ObjectAnswers.DenialOf(exchange, failure, own.Missing);
            default:
                return ObjectAnswers.DenialOf(exchange, Garbage(own.Stored.Provider), own.Missing);
        }
    }

    /// <summary>A page of the caller's own objects.</summary>
    public async Task<Denial?> ListAsync(Exchange exchange, ObjectPage page, Func<StoredObject, Task<StoredObject>> refreshAsync)
    {
        IReadOnlyList<StoredObject> found = await objects.ListAsync(OrgOf(exchange.Caller), page, exchange.Http.RequestAborted);
        StoredObject[] shown = [.. found.Take(page.CountMax - 1)];
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = await refreshAsync(shown[i]);
        }

        byte[] body = ObjectList.Write([.. shown.Select(stored => (stored.Id, stored.Told))], hasMore: found.Count >= page.CountMax);
        await ObjectAnswers.SendAsync(exchange, body, provider: null);
        return null;
    }

    public static string TextOf(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);

    public static AttemptFailure Garbage(string provider) => new(FailureKind.Garbage, $"Provider '{provider}' sent what is no answer of its protocol.");
}

/// <summary>An object of the caller's org.</summary>
/// <param name="Missing">What the client is told when the provider has it no more.</param>
internal sealed record OwnObject(StoredObject Stored, ProviderConfig Provider, Denial Missing);
