using System.Text.Json;

namespace AIOrleans.Host.Demo.Scenes;

/// <summary>What the ledger says each team spent, beside what the tour itself added up from the answers it got.</summary>
internal sealed class BillScene(DemoScreen screen, DemoClient client) : IDemoScene
{
    public string Title => "The bill by team and model";

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        foreach (DemoCaller caller in (DemoCaller[])[DemoConfig.Web, DemoConfig.Batch, DemoConfig.Trial])
        {
            await client.SettledAsync(caller, cancellationToken);
        }

        IReadOnlyList<JsonElement> rows = await client.UsageAsync("team,model", cancellationToken);
        foreach (JsonElement row in rows)
        {
            screen.Show($"{Group(row, "team")}  {Group(row, "model")}", $"{row.GetProperty("requests").GetInt64(),4} requests{DemoText.Usd(Cost(row)),14}");
        }

        Dictionary<(string TeamId, string Model), DemoBillRow> told = rows.ToDictionary(
            row => (Group(row, "team"), Group(row, "model")), row => new DemoBillRow(row.GetProperty("requests").GetInt64(), Cost(row)));
        screen.Claim(
            $"The ledger agrees with the {client.Bill.Values.Sum(row => row.Requests)} answers of this tour: every request once, {DemoText.Usd(told.Values.Sum(row => row.CostUsd))} to the last digit.",
            told.Count == client.Bill.Count && client.Bill.All(mine => told.GetValueOrDefault(mine.Key) == mine.Value),
            $"{Text(told)} in the ledger, {Text(client.Bill)} by the answers");
    }

    private static string Group(JsonElement row, string name) => row.GetProperty("group").GetProperty(name).GetString() ?? "";

    private static decimal Cost(JsonElement row) => row.GetProperty("costUsd").GetDecimal();

    private static string Text(IReadOnlyDictionary<(string TeamId, string Model), DemoBillRow> bill) =>
        string.Join("; ", bill.Select(row => $"{row.Key.TeamId} {row.Key.Model}: {row.Value.Requests} requests, {row.Value.CostUsd}"));
}
