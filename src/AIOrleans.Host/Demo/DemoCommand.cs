using System.Globalization;

namespace AIOrleans.Host.Demo;

/// <summary>The tour of <c>-- demo</c>: starts a gateway of its own and shows over HTTP what it does.</summary>
internal static class DemoCommand
{
    private const int Shown = 0;
    private const int NotShown = 1;

    /// <returns>0 when every scene showed what it claims; otherwise 1, and the text says which claim failed and what was seen instead.</returns>
    public static async Task<int> RunAsync()
    {
        DemoScreen screen = DemoScreen.OfConsole();
#if CLUSTER
        screen.Fail("The tour needs the Embedded edition: it starts a gateway of its own, and would fill the cluster's database.");
        return await Task.FromResult(NotShown);
#else
        return await RunAsync(screen, TimeProvider.System, DemoScenes.InOrder);
#endif
    }

    /// <summary>Plays any scenes on any screen.</summary>
    internal static async Task<int> RunAsync(DemoScreen screen, TimeProvider time, Func<DemoScreen, DemoClient, TimeProvider, IReadOnlyList<IDemoScene>> scenesOf)
    {
        long startedStamp = time.GetTimestamp();
        try
        {
            await using DemoGateway gateway = await DemoGateway.StartAsync();
            screen.Open(gateway.Url);
            using var client = new DemoClient(gateway.Url, time);
            IReadOnlyList<IDemoScene> scenes = scenesOf(screen, client, time);
            foreach (IDemoScene scene in scenes)
            {
                screen.Scene(scene.Title);
                await scene.PlayAsync(gateway.Stopping);
            }

            screen.End(string.Create(
                CultureInfo.InvariantCulture, $"All {scenes.Count} scenes showed what they claim, in {time.GetElapsedTime(startedStamp).TotalSeconds:0.0} s."));
            return Shown;
        }
        catch (DemoClaimException failed)
        {
            screen.Fail($"This claim did not hold: {failed.Claim}", $"Seen instead: {failed.Seen}");
        }
        catch (OperationCanceledException)
        {
            screen.Fail("The tour was stopped before its end.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException)
        {
            screen.Fail($"The tour broke: {exception.Message}");
        }

        return NotShown;
    }
}
