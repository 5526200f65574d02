using System.Collections.Concurrent;
using AIOrleans.Contracts.Idempotency;
using AIOrleans.Core.Ports;
using AIOrleans.Gateway.Flow;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>The leads of calls that live on this process: prolongs their leases, and ends them by keeping or forgetting their answers.</summary>
internal sealed class LeadKeeper(IGrainFactory grains, LeadEndings endings, IOptions<IdempotencyOptions> options, TimeProvider time, ILogger<LeadKeeper> logger)
    : BackgroundService
{
    /// <summary>How often leases are looked at: well below the shortest lease (5 s), so that two looks may fail.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Lead, DateTimeOffset> leads = new();

    /// <summary>From now on what the client gets is recorded, and the claim is kept alive.</summary>
    public Lead Begin(Exchange exchange, Recording recording, DateTimeOffset leaseUntil)
    {
        var lead = new Lead(exchange.Id, recording);
        leads[lead] = RenewAt(leaseUntil);
        lead.ListenTo(exchange.Http);
        return lead;
    }

    /// <summary>Ends the lead of a call that is over; what is to be written is written beside the next request.</summary>
    public void End(Exchange exchange)
    {
        if (exchange.Lead is { } lead)
        {
            lead.Recording.Close(RecordingEnd.Broken);
            lead.Dispose();
            _ = EndAsync(lead, exchange.IsCharged);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            DateTimeOffset now = time.GetUtcNow();
            await Task.WhenAll(leads.Where(entry => entry.Value <= now).Select(entry => RenewAsync(entry.Key)));
        }
    }

    private async Task EndAsync(Lead lead, bool isCharged)
    {
        // Prolonged until it is written: nobody may take the key before.
        await endings.EndAsync(lead, isCharged);
        leads.TryRemove(lead, out DateTimeOffset _);
    }

    private async Task RenewAsync(Lead lead)
    {
        DateTimeOffset renewAt = time.GetUtcNow();
        try
        {
            LeadReply reply = await grains.GetGrain<IIdempotencyGrain>(lead.Key).RenewAsync(lead.RequestId);
            renewAt = reply.LeaseUntil is { } leaseUntil ? RenewAt(leaseUntil) : renewAt;
            if (reply.IsAwaited)
            {
                lead.Recording.Audience.Prolong();
            }
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException or OrleansException)
        {
            IdempotencyLog.NotRenewed(logger, lead.RequestId.ToString(), exception.Message);
        }

        // Only if it still lives: a lead that ended meanwhile must not come back.
        if (leads.TryGetValue(lead, out DateTimeOffset before))
        {
            leads.TryUpdate(lead, renewAt, before);
        }
    }

    /// <summary>A third of the lease; sooner where a call is abandoned sooner, so that those who wait elsewhere are noticed before.</summary>
    private DateTimeOffset RenewAt(DateTimeOffset leaseUntil)
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan third = (leaseUntil - now) / 3;
        TimeSpan half = TimeSpan.FromSeconds(options.Value.AbandonSeconds) / 2;
        return now + (half < third ? half : third);
    }
}
