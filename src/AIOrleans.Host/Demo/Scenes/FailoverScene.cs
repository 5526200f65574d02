namespace AIOrleans.Host.Demo.Scenes;

/// <summary>A provider that always fails comes first: each call is saved by the second, until the breaker stops asking the first.</summary>
internal sealed class FailoverScene(DemoScreen screen, DemoClient client) : IDemoScene
{
    /// <summary>The breaker opens after five failures; a call whose failure is still being counted may come between.</summary>
    private const int CallsMax = 12;

    /// <summary>Calls after the breaker has opened that must not touch the failing provider.</summary>
    private const int CallsAfter = 3;

    public string Title => "A provider fails: another answers, then the broken one is left alone";

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        screen.Say($"Model {DemoConfig.Resilient} goes to {DemoConfig.FailingProvider} first, which fails every call, and to {DemoConfig.HealthyProvider} second.");
        DemoAnswer first = await AskAsync(1, cancellationToken);
        screen.Claim(
            $"The first call was answered all the same, by {DemoConfig.HealthyProvider} in a second attempt.",
            first is { Status: 200, Attempts: 2 } && first.Header("x-aiorleans-provider") == DemoConfig.HealthyProvider,
            first.ToString());

        int calls = 1;
        DemoAnswer answer;
        do
        {
            calls++;
            answer = await AskAsync(calls, cancellationToken);
        }
        while (answer is { Status: 200, Attempts: 2 } && calls < CallsMax);

        screen.Claim($"The breaker opened: call {calls} went to {DemoConfig.HealthyProvider} at once.", answer is { Status: 200, Attempts: 1 }, answer.ToString());
        List<DemoAnswer> later = [];
        while (later.Count < CallsAfter)
        {
            later.Add(await AskAsync(calls + later.Count + 1, cancellationToken));
        }

        screen.Claim(
            "So did those after it: nobody waits for the broken provider any more.",
            later.TrueForAll(each => each is { Status: 200, Attempts: 1 }),
            string.Join("; ", later));
    }

    private async Task<DemoAnswer> AskAsync(int number, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.ChatAsync(DemoConfig.Web, DemoConfig.Resilient, $"Are you there? ({number})", tokensMax: 4, cancellationToken);
        screen.Show($"call {number}: x-aiorleans-attempts", answer.Header("x-aiorleans-attempts"));
        return answer;
    }
}
