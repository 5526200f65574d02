using AIOrleans.Core.Denials;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Flow;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi.Files;

namespace AIOrleans.Gateway.Objects;

/// <summary>Refuses calls that name a file of another org. Files that were uploaded past the gateway are nobody's, and pass.</summary>
internal sealed class FileOwners(IObjectStore objects)
{
    /// <summary>Completes at once for the calls that name no file: nearly all.</summary>
    public ValueTask<Denial?> CheckAsync(Exchange exchange) =>
        exchange.Request.Format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses && FileReferences.Of(exchange.Request.Body) is { IsEmpty: false } ids
            ? CheckAsync(exchange, ids)
            : default;

    /// <summary>The same for files that were found elsewhere.</summary>
    public async ValueTask<Denial?> CheckAsync(Exchange exchange, IReadOnlyList<string> ids)
    {
        if (ids.Count > FileReferences.CountMax)
        {
            return new Denial.Malformed($"The call names more than {FileReferences.CountMax} files.", null, "array_above_max_length");
        }

        IReadOnlyList<string> foreign = await objects.FindForeignAsync(ObjectSteps.OrgOf(exchange.Caller), ids, exchange.Http.RequestAborted);
        return foreign.Count == 0 ? null : Denial.ObjectNotFound.OfFile(foreign[0]);
    }
}
