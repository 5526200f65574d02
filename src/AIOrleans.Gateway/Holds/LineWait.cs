using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Flow;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Holds;

/// <summary>Waits with a call that was given a place in line, and asks for its hold again whenever its turn has come.</summary>
internal sealed class LineWait(IGrainFactory grains, InFlight inFlight, TimeProvider time, ILogger<LineWait> logger) : IQueueDepth
{
    /// <summary>How long one question for the turn may take: short enough that two may be lost before the place is (<see cref="WaitingLine.HeardWithin"/>).</summary>
    private static readonly TimeSpan QuestionMax = TimeSpan.FromSeconds(2);

    private int count;

    public int Count => Volatile.Read(ref count);

    QueuedWork IQueueDepth.Work => QueuedWork.InLine;

    /// <summary>Waits as long as the client allows, and asks one last time then.</summary>
    /// <param name="reply">Refused, with a place in line.</param>
    /// <param name="askAsync">Asks for the hold once more, on the whole path.</param>
    /// <returns>Held, or refused for good; nothing is held and no place is left behind then.</returns>
    /// <exception cref="OperationCanceledException">The client left, or the gateway is stopping.</exception>
    public async Task<HoldReply> WaitAsync(Exchange exchange, HoldCommand command, HoldReply reply, Func<HoldCommand, Task<HoldReply>> askAsync)
    {
        TimeSpan patience = command.Line?.Patience ?? TimeSpan.Zero;
        long since = time.GetTimestamp();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted, inFlight.Stopping);
        AccountId? waitsAt = null;
        Interlocked.Increment(ref count);
        try
        {
            while (reply.Denied is { Line.IsWaiting: true } facts)
            {
                await LeaveAsync(waitsAt, command.Id, facts.Account);
                waitsAt = facts.Account;
                await AwaitTurnAsync(facts.Account, command.Id, patience, since, gone.Token);
                TimeSpan waited = time.GetElapsedTime(since);
                reply = await askAsync(command with { Line = new LineAsk(waited, patience > waited ? patience - waited : TimeSpan.Zero) });
            }

            // A grant takes the place away. A refusal for good does so at the account that refuses, and that may be another one.
            waitsAt = reply.Denied is { } refused && refused.Account != waitsAt ? waitsAt : null;
            return reply;
        }
        finally
        {
            Interlocked.Decrement(ref count);
            exchange.QueuedFor = time.GetElapsedTime(since);
            await LeaveAsync(waitsAt, command.Id, null);
        }
    }

    /// <summary>Completes when the call should ask again: its turn has come, or its patience is over.</summary>
    private async Task AwaitTurnAsync(AccountId account, HoldId id, TimeSpan patience, long since, CancellationToken gone)
    {
        IAccountGrain grain = grains.GetGrain<IAccountGrain>(account.ToString());
        while (patience - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero)
        {
            gone.ThrowIfCancellationRequested();
            try
            {
                if (await grain.AwaitTurnAsync(id, left < QuestionMax ? left : QuestionMax).WaitAsync(gone))
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                // The grain's silo is slow or gone. Asking again for the hold finds where it lives now.
                return;
            }
        }
    }

    /// <summary>Gives up the place at <paramref name="account"/>, unless the call still waits there or was refused there for good.</summary>
    private async Task LeaveAsync(AccountId? account, HoldId id, AccountId? staysAt)
    {
        if (account is not { } left || left == staysAt)
        {
            return;
        }

        try
        {
            await grains.GetGrain<IAccountGrain>(left.ToString()).LeaveLineAsync(id);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // Not heard of any more, it loses its place by itself.
            HoldLog.NotLeft(logger, id.ToString(), left.ToString(), exception);
        }
    }
}
