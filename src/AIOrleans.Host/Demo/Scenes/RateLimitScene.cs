using System.Globalization;

namespace AIOrleans.Host.Demo.Scenes;

/// <summary>More calls at once than a team may make: one is refused, told how long to wait, and let through after exactly that.</summary>
internal sealed class RateLimitScene(DemoScreen screen, DemoClient client, TimeProvider time) : IDemoScene
{
    private const int Calls = DemoConfig.BatchBurst + 1;

    public string Title => "A rate limit: told how long to wait, let through after it";

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        screen.Say($"Team batch may make 15 requests a minute, {DemoConfig.BatchBurst} of them at once. It sends {Calls} at once.");
        DemoAnswer[] answers = await Task.WhenAll(Enumerable.Range(1, Calls).Select(number => AskAsync($"Job {number}", cancellationToken)));
        int served = answers.Count(answer => answer.Status == 200);
        screen.Claim(
            $"{DemoConfig.BatchBurst} were answered, one was refused with 429.",
            served == DemoConfig.BatchBurst && answers.Count(answer => answer.Status == 429) == 1,
            $"the statuses {string.Join(", ", answers.Select(answer => answer.Status))}");

        DemoAnswer refused = answers.First(answer => answer.Status == 429);
        screen.Quote("gateway", refused.ErrorMessage);
        screen.Show("retry-after", refused.Header("retry-after"));
        screen.Show("retry-after-ms", refused.Header("retry-after-ms"));
        bool isTold = long.TryParse(refused.Header("retry-after-ms"), CultureInfo.InvariantCulture, out long waitMs);
        screen.Claim("The refusal says how long to wait.", isTold && waitMs is > 0 and <= 4_000, refused.ToString());

        screen.Say(string.Create(CultureInfo.InvariantCulture, $"Waiting {waitMs / 1000m:0.0} s as told ..."));
        await Task.Delay(TimeSpan.FromMilliseconds(waitMs), time, cancellationToken);
        DemoAnswer again = await AskAsync("Job 3, again", cancellationToken);
        screen.Claim("After the wait the same call is answered.", again.Status == 200, again.ToString());
    }

    private Task<DemoAnswer> AskAsync(string prompt, CancellationToken cancellationToken) =>
        client.ChatAsync(DemoConfig.Batch, DemoConfig.Assistant, prompt, tokensMax: 8, cancellationToken);
}
