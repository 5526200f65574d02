using AIOrleans.Contracts.Idempotency;
using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Grains.Tenancy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace AIOrleans.Grains.Idempotency;

/// <summary>Keeps who leads for one key as long as somebody does; who led before is in the store.</summary>
/// <remarks>
/// Memory only saves questions to the store, which lets one claim lead whatever any activation believes. There is one activation for each key in
/// use, so it goes as soon as its leader has ended.
/// </remarks>
[CollectionAgeLimit(Minutes = 2)]
internal sealed class IdempotencyGrain(IAnswerStore answers, IOptions<HoldOptions> options, TimeProvider time, ILogger<IdempotencyGrain> logger) : Grain, IIdempotencyGrain
{
    /// <summary>Longest single wait: well below the shortest time that a silo gives a call.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <summary>Likewise for a leader that was admitted by another activation, and may tell its end only to that one.</summary>
    private static readonly TimeSpan UnsureWaitMax = TimeSpan.FromMilliseconds(500);

    /// <summary>Those who wait ask again between two waits: so long they are still counted.</summary>
    private static readonly TimeSpan WaitGap = TimeSpan.FromSeconds(1);

    private Leader? leader;
    private int waiting;
    private DateTimeOffset awaitedAt;

    public async Task<ClaimReply> ClaimAsync(ClaimCommand command)
    {
        TenantGate.Check(this.GetPrimaryKeyString(), command.Tenant, logger);
        DateTimeOffset now = time.GetUtcNow();
        if (leader is { IsSure: true } current && current.LeaseUntil > now)
        {
            ClaimState state = current.Fingerprint != command.Fingerprint ? ClaimState.Reused
                : current.RequestId == command.RequestId ? ClaimState.Led
                : ClaimState.Running;
            return ReplyOf(new ClaimOutcome(state, current.RequestId, current.LeaseUntil));
        }

        try
        {
            ClaimOutcome outcome = await answers.ClaimAsync(ClaimOf(command), now + options.Value.Lease, now, CancellationToken.None);
            Remember(outcome, command.Fingerprint);
            return ReplyOf(outcome);
        }
        catch (StoreUnavailableException)
        {
            return new ClaimReply { State = null, RequestId = command.RequestId, LeaseUntil = now };
        }
    }

    public async Task<LeadReply> RenewAsync(HoldId requestId)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset leaseUntil = now + options.Value.Lease;
        bool isAwaited = waiting > 0 || now - awaitedAt < WaitGap;
        try
        {
            bool isRenewed = await answers.RenewAsync(this.GetPrimaryKeyString(), requestId, leaseUntil, CancellationToken.None);
            if (leader is { } current && current.RequestId == requestId)
            {
                current.LeaseUntil = isRenewed ? leaseUntil : now;
            }

            return new LeadReply { LeaseUntil = isRenewed ? leaseUntil : null, IsAwaited = isAwaited };
        }
        catch (StoreUnavailableException)
        {
            // Nobody else can take the key either while the store is away.
            return new LeadReply { LeaseUntil = null, IsAwaited = isAwaited };
        }
    }

    public async Task WaitAsync(HoldId requestId)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (leader is not { } current || current.RequestId != requestId || current.LeaseUntil <= now)
        {
            return;
        }

        waiting++;
        try
        {
            TimeSpan left = current.LeaseUntil - now;
            TimeSpan max = current.IsSure ? WaitMax : UnsureWaitMax;
            await current.Ended.Task.WaitAsync(left < max ? left : max, time);
        }
        catch (TimeoutException)
        {
            // Whoever waits asks again.
        }
        finally
        {
            waiting--;
            awaitedAt = time.GetUtcNow();
        }
    }

    public Task EndAsync(HoldId requestId)
    {
        if (leader?.RequestId == requestId)
        {
            Forget();
        }

        return Task.CompletedTask;
    }

    private static ClaimReply ReplyOf(ClaimOutcome outcome) =>
        new() { State = outcome.State, RequestId = outcome.RequestId, LeaseUntil = outcome.LeaseUntil };

    private AnswerClaim ClaimOf(ClaimCommand command) => new()
    {
        Key = this.GetPrimaryKeyString(), Tenant = command.Tenant, RequestId = command.RequestId,
        Fingerprint = command.Fingerprint, ExpiresAt = command.ExpiresAt,
    };

    private void Remember(ClaimOutcome outcome, string fingerprint)
    {
        if (leader is { } known && known.RequestId != outcome.RequestId)
        {
            known.Ended.TrySetResult();
            leader = null;
        }

        if (outcome.State is ClaimState.Led or ClaimState.Running)
        {
            leader ??= new Leader(outcome.RequestId, fingerprint, isSure: outcome.State == ClaimState.Led);
            leader.LeaseUntil = outcome.LeaseUntil;
        }
        else
        {
            Forget();
        }
    }

    private void Forget()
    {
        leader?.Ended.TrySetResult();
        leader = null;
        DeactivateOnIdle();
    }
}
