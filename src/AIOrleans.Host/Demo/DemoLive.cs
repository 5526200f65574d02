using System.Text.Json;

namespace AIOrleans.Host.Demo;

/// <summary>The live numbers of one account: <c>GET /api/v1/accounts/{kind}/{id}/live</c>.</summary>
internal sealed class DemoLive(JsonElement json)
{
    public int Holds => json.GetProperty("holds").GetProperty("count").GetInt32();

    public int Slots => json.GetProperty("slots").GetProperty("used").GetInt32();

    /// <summary>Spent in this month, from the account's cost quota.</summary>
    public decimal SpentUsd => Quota.GetProperty("used").GetDecimal();

    /// <summary>Held for calls in flight, at their worst case.</summary>
    public decimal HeldUsd => Quota.GetProperty("held").GetDecimal();

    /// <summary>Settled requests of this month.</summary>
    public long Requests =>
        json.GetProperty("periods").EnumerateArray().Where(period => period.GetProperty("period").GetString() == "month").Sum(period => period.GetProperty("requests").GetInt64());

    public override string ToString() => json.GetRawText();

    private JsonElement Quota => json.GetProperty("quotas").EnumerateArray().First(quota => quota.GetProperty("metric").GetString() == "cost");
}
