using AIOrleans.Host.Demo;

namespace AIOrleans.Host.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task Every_scene_shows_what_it_claims()
    {
        var output = new StringWriter();

        int exitCode = await DemoCommand.RunAsync(new DemoScreen(output, hasColour: false), TimeProvider.System, DemoScenes.InOrder);

        Assert.True(exitCode == 0, output.ToString());
        Assert.Contains("All 7 scenes showed what they claim", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output.ToString());
    }

    [Fact]
    public async Task A_claim_that_does_not_hold_ends_the_tour_and_says_what_was_seen()
    {
        var output = new StringWriter();

        int exitCode = await DemoCommand.RunAsync(
            new DemoScreen(output, hasColour: false), TimeProvider.System, (screen, _, _) => [new LyingScene(screen), new LyingScene(screen)]);

        Assert.Equal(1, exitCode);
        Assert.Contains("1. A lie", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("2. A lie", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("This claim did not hold: The moon is made of cheese.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Seen instead: rock", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_configuration_is_one_that_the_gateway_accepts_without_secrets_of_anybody()
    {
        string json = DemoConfig.Json();

        Assert.DoesNotContain("env:", json, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", json, StringComparison.Ordinal);
    }

    private sealed class LyingScene(DemoScreen screen) : IDemoScene
    {
        public string Title => "A lie";

        public Task PlayAsync(CancellationToken cancellationToken)
        {
            screen.Claim("The moon is made of cheese.", holds: false, "rock");
            return Task.CompletedTask;
        }
    }
}
