using AIOrleans.Contracts.Idempotency;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Idempotency;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Flow.Steps;

/// <summary>Between 4 and 5, for calls with an <c>Idempotency-Key</c>: the first one goes on, one that repeats it gets the first one's answer and holds nothing.</summary>
internal sealed class RepeatStep(
    IGrainFactory grains, IAnswerStore answers, Recordings recordings, LeadKeeper leads, Replayer replayer, InFlight inFlight,
    IOptions<IdempotencyOptions> options, TimeProvider time)
{
    /// <summary>Asks of the grain about one call: it may be on a silo that has just died. A repeated claim is the same claim.</summary>
    private const int AsksMax = 3;

    /// <summary>Kept answers that may be gone when they are read: each time the key has just expired.</summary>
    private const int MissesMax = 3;

    private static readonly TimeSpan BusyRetryAfter = TimeSpan.FromSeconds(1);

    public async ValueTask<Denial?> RunAsync(Exchange exchange)
    {
        if (!options.Value.Enabled || !exchange.Http.Request.Headers.TryGetValue(KeyHeader.Name, out StringValues values))
        {
            return null;
        }

        if (KeyHeader.MistakeIn(values) is { } mistake)
        {
            return mistake;
        }

        string key = KeyHeader.AnswerKeyOf(exchange.Caller.KeyId, values.ToString());
        string fingerprint = KeyHeader.FingerprintOf(exchange.Http.Request, exchange.Request.Body);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted, inFlight.Cut);
        try
        {
            return await RepeatAsync(new KeyedCall(exchange, key, fingerprint), until.Token);
        }
        catch (OperationCanceledException) when (inFlight.Cut.IsCancellationRequested && !exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return new Denial.Overloaded(BusyRetryAfter);
        }
    }

    /// <summary>Asks and waits until the call leads, is answered, or is refused.</summary>
    private async Task<Denial?> RepeatAsync(KeyedCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            Recording? recording = recordings.Enter(call.Key, call.Fingerprint, out bool isNew);
            Verdict verdict = recording is null ? Verdict.Refuse(new Denial.IdempotencyBusy(BusyRetryAfter))
                : recording.Fingerprint != call.Fingerprint ? Verdict.Refuse(new Denial.IdempotencyKeyReused())
                : isNew ? await ClaimAsync(call, recording, cancellationToken)
                : await FollowAsync(call, recording, cancellationToken);
            if (verdict.IsFinal)
            {
                return verdict.Denied;
            }
        }
    }

    /// <summary>The first here with this key: asks who leads.</summary>
    private async Task<Verdict> ClaimAsync(KeyedCall call, Recording recording, CancellationToken cancellationToken)
    {
        ClaimReply? reply = null;
        try
        {
            reply = await AskAsync(call);
            if (reply.State == ClaimState.Led)
            {
                call.Exchange.Lead = leads.Begin(call.Exchange, recording, reply.LeaseUntil);
                return Verdict.Final;
            }
        }
        finally
        {
            if (call.Exchange.Lead is null)
            {
                // Those who came meanwhile are told the same.
                recordings.Remove(recording);
                recording.Withdraw(reply);
                recording.Audience.Dispose();
            }
        }

        return await ObeyAsync(call, reply, cancellationToken);
    }

    private async Task<ClaimReply> AskAsync(KeyedCall call)
    {
        var command = new ClaimCommand
        {
            RequestId = call.Exchange.Id,
            Tenant = call.Exchange.Caller.Tenant,
            Fingerprint = call.Fingerprint,
            ExpiresAt = time.GetUtcNow() + TimeSpan.FromHours(options.Value.RetentionHours),
        };
        for (int asks = 1; ; asks++)
        {
            try
            {
                return await grains.GetGrain<IIdempotencyGrain>(call.Key).ClaimAsync(command);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException && asks < AsksMax)
            {
                // Asked again below.
            }
        }
    }

    /// <summary>Another one here has this key: its answer is this one's too.</summary>
    private async Task<Verdict> FollowAsync(KeyedCall call, Recording recording, CancellationToken cancellationToken)
    {
        using RecordingReader? reader = recording.TryJoin();
        if (reader is null)
        {
            return Verdict.Refuse(new Denial.AnswerNotKept());
        }

        recording.Audience.Join();
        try
        {
            await reader.WhenBegunAsync(cancellationToken);
            if (recording.Head is { } head)
            {
                await replayer.FollowAsync(call.Exchange, reader, head, cancellationToken);
                return call.Answered();
            }
        }
        finally
        {
            recording.Audience.Leave();
        }

        return recording.Verdict is { } reply ? await ObeyAsync(call, reply, cancellationToken) : Verdict.Again;
    }

    /// <summary>Does what the grain says to a call that does not lead.</summary>
    private async Task<Verdict> ObeyAsync(KeyedCall call, ClaimReply reply, CancellationToken cancellationToken)
    {
        switch (reply.State)
        {
            case null:
                return Verdict.Refuse(new Denial.StoreUnavailable(BusyRetryAfter));
            case ClaimState.Reused:
                return Verdict.Refuse(new Denial.IdempotencyKeyReused());
            case ClaimState.NotKept:
                return Verdict.Refuse(new Denial.AnswerNotKept());
            case ClaimState.Running:
                await WaitAsync(call, reply, cancellationToken);
                return Verdict.Again;
            case ClaimState.Kept when await answers.ReadAsync(call.Key, reply.RequestId, cancellationToken) is { } answer:
                return await GiveAsync(call, answer);
            case ClaimState.Kept:
                return ++call.Misses < MissesMax ? Verdict.Again : Verdict.Refuse(new Denial.AnswerNotKept());
            default:
                throw new InvalidOperationException("A call that leads has nothing to wait for.");
        }
    }

    private async Task<Verdict> GiveAsync(KeyedCall call, KeptAnswer answer)
    {
        // Slow readers of kept answers take memory as recordings do.
        if (!recordings.TryReserve(answer.Body.Length))
        {
            return Verdict.Refuse(new Denial.IdempotencyBusy(BusyRetryAfter));
        }

        try
        {
            await replayer.GiveAsync(call.Exchange, answer);
            return call.Answered();
        }
        finally
        {
            recordings.GiveBack(answer.Body.Length);
        }
    }

    /// <summary>Waits for a leader on another process, which is asked for again afterwards.</summary>
    private async Task WaitAsync(KeyedCall call, ClaimReply reply, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IIdempotencyGrain>(call.Key).WaitAsync(reply.RequestId).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            await Task.Delay(BusyRetryAfter, time, cancellationToken);
        }
    }

    /// <summary>A call and what it is known by.</summary>
    private sealed class KeyedCall(Exchange exchange, string key, string fingerprint)
    {
        public Exchange Exchange => exchange;

        public string Key => key;

        public string Fingerprint => fingerprint;

        public int Misses { get; set; }

        public Verdict Answered()
        {
            exchange.IsAnswered = true;
            return Verdict.Final;
        }
    }

    /// <summary>What one look brought.</summary>
    /// <param name="IsFinal">False: look again.</param>
    private readonly record struct Verdict(bool IsFinal, Denial? Denied)
    {
        public static Verdict Again => default;

        public static Verdict Final => new(IsFinal: true, Denied: null);

        public static Verdict Refuse(Denial denial) => new(IsFinal: true, denial);
    }
}
