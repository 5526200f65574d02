namespace AIOrleans.Host.Demo.Scenes;

/// <summary>One answer, with its cost and the caller's headroom beside it.</summary>
internal sealed class ChatScene(DemoScreen screen, DemoClient client) : IDemoScene
{
    private const string Prompt = "What does the river carry?";

    private static readonly string[] Headers =
    [
        "x-aiorleans-provider", "x-aiorleans-cost-usd", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens",
    ];

    public string Title => "A chat: the OpenAI protocol, with the cost beside the answer";

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        screen.Quote("team web", Prompt);
        DemoAnswer answer = await client.ChatAsync(DemoConfig.Web, DemoConfig.Assistant, Prompt, tokensMax: 24, cancellationToken);
        screen.Claim($"The model answered in {DemoText.Seconds(answer.Took)}.", answer.Status == 200 && answer.Text.Length > 0, answer.ToString());
        screen.Quote("model", answer.Text);
        foreach (string name in Headers)
        {
            screen.Show(name, answer.Header(name));
        }

        screen.Claim("The headers tell who answered, what it cost and what is left.", Headers.All(name => answer.Header(name).Length > 0), answer.ToString());
        DemoTokens? tokens = DemoTokens.Of(answer.Body);
        decimal expected = tokens is null ? 0 : DemoConfig.CostUsd(tokens.Input, tokens.Output);
        screen.Claim(
            $"The cost is exact: {tokens?.Input} tokens in, {tokens?.Output} out, {DemoText.Usd(answer.CostUsd)}.",
            tokens is not null && answer.CostUsd == expected,
            $"{answer.CostUsd} instead of {expected}");
    }
}
