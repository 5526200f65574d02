using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using Orleans;

namespace AIOrleans.Cluster.Tests.Accounting;

/// <summary>Asks for calls of one cost on the path of a tenant, as the gateway of one silo would.</summary>
public sealed class Buyer(IGrainFactory grains, TenantBudget budget, TimeProvider time)
{
    public const long CostNano = 100;

    private static readonly HoldSize Size = new(Tokens: 10, new NanoUsd(CostNano));

    private readonly Attribution attribution = new($"{budget.Name}.eng.k1", "gpt", "UTC", [new("department", "rnd")]);

    private IRequestGrain Requests => grains.GetGrain<IRequestGrain>(0);

    /// <summary>Asks for <paramref name="count"/> calls at once.</summary>
    /// <returns>The holds that were granted.</returns>
    public async Task<HoldId[]> HoldAsync(int count) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, count).Select(_ => TryHoldAsync()))).Where(bought => bought.Answer == Answer.Granted).Select(bought => bought.Id)];

    /// <summary>Asks once; what ended in an error is given back, as the contract wants of a caller that cannot know what became of its hold.</summary>
    public async Task<(HoldId Id, Answer Answer)> TryHoldAsync()
    {
        HoldId id = HoldId.New(time.GetUtcNow());
        try
        {
            HoldReply reply = await AskAsync(id);
            return (id, reply.IsHeld ? Answer.Granted : reply.Denied is null ? Answer.Failed : Answer.Denied);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await Requests.SettleAsync(new SettleCommand(id, [EventOf(id, 0, default, 503)]));
            return (id, Answer.Failed);
        }
    }

    public Task<HoldReply> AskAsync(HoldId id) => Requests.HoldAsync(new HoldCommand
    {
        Id = id,
        Path = budget.Path,
        Operation = "chat",
        Worst = Size,
        Expected = Size,
        Attribution = attribution,
    });

    public Task RenewAsync(IEnumerable<HoldId> ids) => Requests.RenewAsync(new RenewCommand([.. ids.Select(id => new HeldRequest(id, budget.Path))]));

    /// <summary>Settles by exactly what was held.</summary>
    public Task SettleAsync(HoldId id) => Requests.SettleAsync(new SettleCommand(id, [EventOf(id, 1, Size, 200)]));

    /// <summary>Buys one call after the other on so many lines at once, until each was denied once, or until <paramref name="until"/>.</summary>
    /// <returns>Calls that were granted and settled.</returns>
    public async Task<long> BuyAsync(int lines, CancellationToken until = default)
    {
        long[] bought = await Task.WhenAll(Enumerable.Range(0, lines).Select(_ => BuyLineAsync(until)));
        return bought.Sum();
    }

    private async Task<long> BuyLineAsync(CancellationToken until)
    {
        await Task.Yield();
        long bought = 0;
        while (!until.IsCancellationRequested && await TryHoldAsync() is var (id, answer) && answer != Answer.Denied)
        {
            if (answer == Answer.Granted)
            {
                await SettleAsync(id);
                bought++;
            }
        }

        return bought;
    }

    private UsageEvent EventOf(HoldId id, int requests, HoldSize used, int status)
    {
        DateTimeOffset now = time.GetUtcNow();
        return new UsageEvent
        {
            HoldId = id,
            Attempt = 1,
            Path = budget.Path,
            Attribution = attribution,
            Operation = "chat",
            Requests = requests,
            Usage = new() { UncachedInput = used.Tokens },
            Cost = used.Cost,
            Estimated = false,
            Provider = "simulated",
            ProviderModel = "sim-1",
            PriceVersion = "v1",
            Status = status,
            FailedBy = status == 200 ? FailedBy.Nobody : FailedBy.Gateway,
            Streamed = false,
            StartedAt = now,
            SettledAt = now,
            DurationMicros = 1,
            FirstByteMicros = null,
        };
    }
}

/// <summary>What became of one ask.</summary>
public enum Answer
{
    Granted,
    Denied,

    /// <summary>An account was on a dead silo.</summary>
    Failed,
}
