using System.Net.Http;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Holds;
using AIOrleans.Protocols.OpenAi.Files;
using AIOrleans.Protocols.Tokens;
using AIOrleans.Providers;
using AIOrleans.Providers.Objects;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Objects;

/// <summary>Replaces the worst case of a batch that is over by what its output tells. May be repeated, and be done by several processes at once: the ledger lets the truth come once.</summary>
internal sealed class BatchAccounts(
    IObjectProvider provider, IObjectStore objects, IDirectory directory, IPrices prices, RequestWorker worker, IOptions<GatewayOptions> options, TimeProvider time,
    ILogger<BatchAccounts> logger)
{
    /// <summary>32 MiB: as of any answer.</summary>
    private const int LineBytesMax = 32 * 1024 * 1024;

    public static string PathOf(string id) => "/batches/" + Uri.EscapeDataString(id);

    /// <summary>A batch as its provider tells it now, accounted for when it is over; as it was where it cannot be asked.</summary>
    public async Task<StoredObject> RefreshAsync(StoredObject stored, DirectorySnapshot known, CancellationToken cancellationToken)
    {
        if (stored.State != AccountState.Estimated || !known.Providers.TryGetValue(stored.Provider, out ProviderConfig? keeper) || !ProviderFormats.KeepsObjects(keeper)
            || await provider.CallAsync(new ObjectCall(keeper, HttpMethod.Get, PathOf(stored.Id)), cancellationToken) is not ObjectResult.Answered answered
            || ToldObject.TryRead(answered.Body) is not { } told)
        {
            return stored;
        }

        StoredObject now = stored with { Told = ObjectSteps.TextOf(answered.Body), DueAt = time.GetUtcNow() + TimeSpan.FromSeconds(options.Value.BatchPollSeconds) };
        if (!told.IsOver)
        {
            await objects.NoteAsync(now, cancellationToken);
            return now;
        }

        if (await TrySettleAsync(now, told, keeper, cancellationToken) is { } reason)
        {
            // It is told as it was, so that its files are asked for only when they are known to be its own.
            BatchLog.NotSettled(logger, stored.Id, stored.Provider, reason);
            return stored;
        }

        return now;
    }

    /// <summary>Accounts for a batch that is over, and makes its files its org's.</summary>
    /// <returns>Null when it is done; otherwise why not yet.</returns>
    public async Task<string?> TrySettleAsync(StoredObject batch, ToldObject told, ProviderConfig keeper, CancellationToken cancellationToken)
    {
        if (batch is not { Work: { } work, Hold: { } hold })
        {
            throw new InvalidOperationException("A batch has its work and its hold.");
        }

        if (!directory.Current.Models.TryGetValue(work.Model, out ModelConfig? model)
            || model.Routes.FirstOrDefault(route => route.Provider == batch.Provider && route.Model == work.ProviderModel) is not { } route)
        {
            return $"the model '{work.Model}' has no route to {work.ProviderModel} any more, so that there is no price";
        }

        ModelPrice? price = prices.Current.PricesOf(model, batch.CreatedAt).Of(route);
        var bill = new BatchBill(work, price);
        string?[] files = [told.OutputFile, told.ErrorFile];
        foreach (string file in files.OfType<string>())
        {
            string? reason = await AddFileAsync(batch, file, keeper, cancellationToken)
                ?? (file == told.OutputFile ? await ReadAsync(bill, work, file, keeper, cancellationToken) : null);
            if (reason is not null)
            {
                return reason;
            }
        }

        await worker.SettleAsync(new SettleCommand(hold, [EventOf(batch, work, hold, bill, price)]));
        await objects.NoteAsync(batch with { State = AccountState.Settled, DueAt = null }, cancellationToken);
        BatchLog.Settled(logger, batch.Id, batch.Provider, bill.Calls, bill.Cost.ToString());
        return null;
    }

    private UsageEvent EventOf(StoredObject batch, BatchWork work, HoldId hold, BatchBill bill, ModelPrice? price)
    {
        DirectorySnapshot known = directory.Current;
        KeyConfig? key = known.Keys.GetValueOrDefault(batch.KeyId);
        string zone = known.Tenants.TryGetValue(batch.Org.Tenant, out TenantConfig? tenant) ? tenant.TimeZone : "UTC";
        DateTimeOffset now = time.GetUtcNow();
        return new UsageEvent
        {
            HoldId = hold,
            Attempt = 1,
            Path = [.. batch.Path],
            Attribution = new Attribution(batch.KeyId, work.Model, zone, key?.Tags ?? []),
            Operation = BatchWork.Operation,
            Requests = 1,
            Usage = bill.Usage,
            Cost = bill.Cost,
            Estimated = bill.IsEstimate,
            Provider = batch.Provider,
            ProviderModel = work.ProviderModel,
            PriceVersion = price?.Version ?? "",
            Service = ServiceTier.Batch,
            TierAboveTokens = price?.TierOf(bill.Usage.TotalInput, ServiceTier.Batch) ?? 0,
            CostMax = bill.CostMax,
            Status = 200,
            FailedBy = FailedBy.Nobody,
            Streamed = false,
            StartedAt = batch.CreatedAt,
            SettledAt = now,
            DurationMicros = (long)(now - batch.CreatedAt).TotalMicroseconds,
            FirstByteMicros = null,
        };
    }

    /// <summary>Makes a file of the batch its org's.</summary>
    private async Task<string?> AddFileAsync(StoredObject batch, string id, ProviderConfig keeper, CancellationToken cancellationToken)
    {
        ObjectResult result = await provider.CallAsync(new ObjectCall(keeper, HttpMethod.Get, "/files/" + Uri.EscapeDataString(id)), cancellationToken);
        if (result is not ObjectResult.Answered answered || ToldObject.TryRead(answered.Body) is not { } told)
        {
            return result is ObjectResult.Failed { Failure: var failure } ? failure.Message : "its file is told in no form that is known";
        }

        await objects.AddAsync(
            batch with
            {
                Id = id,
                Kind = ObjectKind.File,
                Purpose = told.Purpose,
                Bytes = told.Bytes,
                CreatedAt = time.GetUtcNow(),
                Told = ObjectSteps.TextOf(answered.Body),
                Work = null,
                Hold = null,
                State = AccountState.None,
                DueAt = null,
            },
            cancellationToken);
        return null;
    }

    private async Task<string?> ReadAsync(BatchBill bill, BatchWork work, string file, ProviderConfig keeper, CancellationToken cancellationToken)
    {
        var format = BatchLine.FormatOf(work.Endpoint) ?? throw new InvalidOperationException("Only calls that are known make a batch.");
        TokenFamily family = TokenFamilies.Of(work.ProviderModel, keeper.Kind);
        ObjectResult result = await provider.CallAsync(
            new ObjectCall(keeper, HttpMethod.Get, $"/files/{Uri.EscapeDataString(file)}/content") { AnswersBytes = true }, cancellationToken);
        if (result is not ObjectResult.Bytes bytes)
        {
            return ((ObjectResult.Failed)result).Failure.Message;
        }

        try
        {
            await using AnswerStream body = bytes.Body;
            var lines = new LineBuffer(LineBytesMax);
            while (await lines.FillAsync(body, cancellationToken))
            {
                while (lines.TryTake(out ReadOnlyMemory<byte> line))
                {
                    if (BatchOutcome.TryRead(line, format, family) is not { } outcome)
                    {
                        return "its output is told in no form that is known";
                    }

                    bill.Add(outcome);
                }
            }

            return lines.IsTooLong ? "a line of its output is too long" : null;
        }
        catch (ProviderException exception)
        {
            return exception.Failure.Message;
        }
    }
}
