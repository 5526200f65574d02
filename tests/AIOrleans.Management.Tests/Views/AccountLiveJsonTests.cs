using System.Text.Json;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Management.Apis;
using AIOrleans.Management.Views;

namespace AIOrleans.Management.Tests.Views;

public sealed class AccountLiveJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Money_is_shown_in_dollars_and_levels_in_whole_units()
    {
        AccountId account = AccountId.Parse("team:acme.eng.core");
        var limits = new LimitsConfig
        {
            RequestsPerMinute = 60,
            Concurrent = 8,
            Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, NanoUsd.FromUsd(5m).Value)],
        };
        var book = new AccountBook(new AccountConfig(account, limits, "UTC"), new AccountSnapshot(account, 7, [], [], null), Noon);
        var ask = new HoldAsk(HoldId.New(Noon), "chat", new HoldSize(1000, NanoUsd.FromUsd(0.25m)), new HoldSize(10, NanoUsd.Zero), Noon.AddSeconds(30));
        Assert.IsType<HoldDecision.Granted>(book.TryHold(ask, Noon));

        var sla = new SlaWindow(Noon);
        sla.Observe(new SlaObservation(FailedBy.Provider, 2_000_000, null), Noon);
        sla.Observe(new SlaObservation(FailedBy.Nobody, 1_000_000, 500_000), Noon);

        var view = new AccountView
        {
            Live = book.ViewAt(Noon),
            Silo = "silo-1",
            ActivatedAt = Noon,
            Sla = sla.ViewAt(Noon),
            Line = new LineLive(2, 100, TimeSpan.FromSeconds(1.5)),
        };
        string json = JsonSerializer.Serialize(AccountLiveJson.Of(view), ApiJson.Options);

        using JsonDocument live = JsonDocument.Parse(json);
        JsonElement quota = live.RootElement.GetProperty("quotas")[0];
        Assert.Equal("cost/month", quota.GetProperty("limit").GetString());
        Assert.Equal(0.25m, quota.GetProperty("held").GetDecimal());
        Assert.Equal(4.75m, quota.GetProperty("remaining").GetDecimal());
        Assert.Equal(59m, live.RootElement.GetProperty("buckets")[0].GetProperty("level").GetDecimal());
        Assert.Equal(1, live.RootElement.GetProperty("slots").GetProperty("used").GetInt32());
        Assert.Equal(7, live.RootElement.GetProperty("epoch").GetInt64());
        Assert.Equal("""{"length":2,"lengthMax":100,"oldestMs":1500}""", live.RootElement.GetProperty("line").GetRawText());
        JsonElement hour = live.RootElement.GetProperty("sla").GetProperty("hour");
        Assert.Equal((2, 1), (hour.GetProperty("requests").GetInt32(), hour.GetProperty("failedByProvider").GetInt32()));
        Assert.Equal(0.5, hour.GetProperty("availability").GetDouble());
        Assert.InRange(hour.GetProperty("durationMs").GetProperty("p50").GetDecimal(), 990, 1010);
        Assert.Equal("silo-1", live.RootElement.GetProperty("silo").GetString());
    }
}
