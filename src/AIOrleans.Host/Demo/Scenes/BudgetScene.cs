namespace AIOrleans.Host.Demo.Scenes;

/// <summary>A strict budget: calls go on until the worst case of the next one would not fit, and never a cent further.</summary>
internal sealed class BudgetScene(DemoScreen screen, DemoClient client) : IDemoScene
{
    /// <summary>More calls than the budget can pay.</summary>
    private const int CallsMax = 10;

    public string Title => "A budget: refused before it is overspent, with the reason";

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        screen.Say($"Team trial has {DemoText.Usd(DemoConfig.TrialBudgetUsd)} this month and calls until it is told no.");
        decimal spentUsd = 0;
        int served = 0;
        DemoAnswer answer;
        do
        {
            answer = await client.ChatAsync(DemoConfig.Trial, DemoConfig.Assistant, "Try me.", tokensMax: 24, cancellationToken);
            if (answer.Status == 200)
            {
                served++;
                spentUsd += answer.CostUsd;
                screen.Show($"call {served}", $"{DemoText.Usd(answer.CostUsd)}, {DemoText.Usd(spentUsd)} in all");

                // Its hold is given back a moment after its answer; until then it counts against the next call.
                await client.SettledAsync(DemoConfig.Trial, cancellationToken);
            }
        }
        while (answer.Status == 200 && served < CallsMax);

        screen.Claim($"{served} calls were answered, the next was refused with 402.", served > 0 && answer.Status == 402, answer.ToString());
        screen.Quote("gateway", answer.ErrorMessage);
        screen.Claim(
            "The refusal names the limit, and tells clients not to retry.",
            answer.Error.GetProperty("code").GetString() == "budget_exceeded"
                && answer.Header("x-aiorleans-denied-by").StartsWith(DemoConfig.Trial.Account, StringComparison.Ordinal)
                && answer.Header("x-should-retry") == "false",
            answer.ToString());

        DemoLive live = await client.SettledAsync(DemoConfig.Trial, cancellationToken);
        screen.Claim(
            $"Spent: {DemoText.Usd(live.SpentUsd)} of {DemoText.Usd(DemoConfig.TrialBudgetUsd)}, the sum of the answers to the last digit; nothing is held.",
            live.SpentUsd == spentUsd && live.SpentUsd <= DemoConfig.TrialBudgetUsd && live.Holds == 0,
            $"{spentUsd} by the answers, and by the grain {live}");
    }
}
