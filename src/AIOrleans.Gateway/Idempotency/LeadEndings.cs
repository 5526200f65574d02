using System.Collections.Concurrent;
using AIOrleans.Contracts.Idempotency;
using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>Writes what became of calls with an <c>Idempotency-Key</c>, and waits for all of it when the gateway stops.</summary>
internal sealed class LeadEndings(
    IGrainFactory grains, IAnswerStore answers, Recordings recordings, IOptions<IdempotencyOptions> options, TimeProvider time, ILogger<LeadEndings> logger)
    : IHostedService
{
    /// <summary>Pause before an unreachable store is tried again.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a store may be away before an answer is given up: its memory is needed for others.</summary>
    private static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Lead, Task> running = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Keeps the answer of a call that was charged, forgets the key of one that was not; never fails.</summary>
    public async Task EndAsync(Lead lead, bool isCharged)
    {
        KeptAnswer? answer = isCharged ? lead.Recording.ToKept() : null;
        if (answer is null)
        {
            // Nothing to be had from this recording: whoever comes now asks the grain. Those who read it go on.
            recordings.Remove(lead.Recording);
        }

        var ended = new TaskCompletionSource();
        running[lead] = ended.Task;
        try
        {
            await WriteAsync(lead, isCharged, answer);
            await TellAsync(lead);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            IdempotencyLog.NotKept(logger, lead.RequestId.ToString(), exception);
        }
        finally
        {
            recordings.Remove(lead.Recording);
            lead.Recording.Release();
            running.TryRemove(lead, out Task? _);
            ended.SetResult();
        }
    }

    /// <summary>Waits until everything that ended by now is written.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(running.Values);

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await WhenIdleAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(Lead lead, bool isCharged, KeptAnswer? answer)
    {
        DateTimeOffset giveUpAt = time.GetUtcNow() + RetryMax;
        while (true)
        {
            try
            {
                await WriteOnceAsync(lead, isCharged, answer);
                return;
            }
            catch (StoreUnavailableException exception) when (time.GetUtcNow() < giveUpAt && !stopping.IsCancellationRequested)
            {
                IdempotencyLog.KeepWaits(logger, lead.RequestId.ToString(), exception.Message);
            }

            await Task.Delay(RetryPause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteOnceAsync(Lead lead, bool isCharged, KeptAnswer? answer)
    {
        if (!isCharged)
        {
            await answers.ForgetAsync(lead.Key, lead.RequestId, CancellationToken.None);
            return;
        }

        DateTimeOffset expiresAt = time.GetUtcNow() + TimeSpan.FromHours(options.Value.RetentionHours);
        if (!await answers.KeepAsync(lead.Key, lead.RequestId, answer, expiresAt, CancellationToken.None))
        {
            IdempotencyLog.LostLead(logger, lead.RequestId.ToString());
        }
    }

    private async Task TellAsync(Lead lead)
    {
        try
        {
            await grains.GetGrain<IIdempotencyGrain>(lead.Key).EndAsync(lead.RequestId);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            IdempotencyLog.NotTold(logger, lead.RequestId.ToString(), exception.Message);
        }
    }
}
