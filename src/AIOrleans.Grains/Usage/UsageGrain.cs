using AIOrleans.Contracts.Usage;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace AIOrleans.Grains.Usage;

/// <summary>Keeps today's totals of one tenant. The stream tells that there is something new; the ledger tells what.</summary>
[ImplicitStreamSubscription(UsageStream.Namespace)]
internal sealed class UsageGrain(IUsageReports reports, IDirectory directory, TimeProvider time)
    : Grain, IUsageGrain, IAsyncObserver<UsageEvent>, IStreamSubscriptionObserver
{
    /// <summary>Rows kept: the reports have the rest.</summary>
    private const int RowsMax = 1000;

    private static readonly UsageGroup[] Groups = [UsageGroup.Team, UsageGroup.App, UsageGroup.Model];

    /// <summary>Totals are read anew after this even when no event was heard: one may have been lost.</summary>
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(5);

    private UsageToday? today;
    private DateTimeOffset readAt;
    private bool isStale = true;
    private long heard;

    public async Task<UsageToday> TodayAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        AccountId tenant = AccountId.Parse("tenant:" + this.GetPrimaryKeyString());
        TimeZoneInfo zone = TimeZones.Find(directory.Current.FindAccount(tenant)?.TimeZone ?? "UTC");
        DateTimeOffset day = CalendarPeriod.StartOf(QuotaPeriod.Day, now, zone);
        if (isStale || today is null || today.Since != day || now - readAt > AgeMax)
        {
            var query = new UsageQuery(day, DateTimeOffset.MaxValue, Groups, [], tenant);
            IReadOnlyList<UsageTotals> rows = await reports.ReadTotalsAsync(query, RowsMax, CancellationToken.None);
            today = new UsageToday { Since = day, Rows = [.. rows], EventsHeard = heard };
            isStale = false;
            readAt = now;
        }

        return today with { EventsHeard = heard };
    }

    public Task OnNextAsync(UsageEvent item, StreamSequenceToken? token = null)
    {
        heard++;
        isStale = true;
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<UsageEvent>().ResumeAsync(this);
}
