namespace AIOrleans.Host.Demo.Scenes;

/// <summary>A grain's own numbers before, during and after a call: what is held, and what is charged in its place.</summary>
internal sealed class LiveScene(DemoScreen screen, DemoClient client) : IDemoScene
{
    private const int Column = 12;

    public string Title => "The grain of team web, live: before, during and after a call";

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        DemoLive before = await client.SettledAsync(DemoConfig.Web, cancellationToken);
        DemoLive? during = null;
        DemoTokens? usage = null;
        await foreach (DemoPiece piece in client.StreamAsync(DemoConfig.Web, DemoConfig.Assistant, "Take your time.", tokensMax: 60, cancellationToken))
        {
            during ??= await client.LiveAsync(DemoConfig.Web, cancellationToken);
            usage ??= piece.Usage;
        }

        DemoLive after = await client.SettledAsync(DemoConfig.Web, cancellationToken);
        if (during is null || usage is null)
        {
            throw new DemoClaimException("A stream brings events and its usage.", "none");
        }

        Row("", "before", "during", "after");
        Row("calls in flight", $"{before.Slots}", $"{during.Slots}", $"{after.Slots}");
        Row("held, worst case", DemoText.Usd(before.HeldUsd), DemoText.Usd(during.HeldUsd), DemoText.Usd(after.HeldUsd));
        Row("spent this month", DemoText.Usd(before.SpentUsd), DemoText.Usd(during.SpentUsd), DemoText.Usd(after.SpentUsd));
        Row("requests this month", DemoText.Number(before.Requests), DemoText.Number(during.Requests), DemoText.Number(after.Requests));

        decimal costUsd = DemoConfig.CostUsd(usage.Input, usage.Output);
        screen.Claim(
            "While the call ran, its worst case was held and nothing was charged.",
            before.Holds == 0 && during is { Holds: 1, Slots: 1 } && during.HeldUsd >= costUsd && during.SpentUsd == before.SpentUsd,
            $"before {before}, during {during}");
        screen.Claim(
            $"Afterwards exactly its cost, {DemoText.Usd(costUsd)}, was charged and the rest given back.",
            after is { Holds: 0, Slots: 0, HeldUsd: 0 } && after.SpentUsd - before.SpentUsd == costUsd && after.Requests - before.Requests == 1,
            $"before {before}, after {after}");
    }

    private void Row(string name, string before, string during, string after) =>
        screen.Show(name, $"{before,Column}{during,Column}{after,Column}");
}
