using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;
using AIOrleans.Testing;

namespace AIOrleans.Providers.Tests.Keys;

public sealed class KeyRingTests : KeyTests
{
    [Fact]
    public async Task Shows_what_each_key_rests_from()
    {
        ProviderConfig provider = await ProviderOf(keys: 3);
        Refuse(0, 401);
        Refuse(1, 429, ("retry-after", "30"));
        await AnswersAsync(provider, "large");
        await AnswersAsync(provider, "small");
        DateTimeOffset now = Clock.GetUtcNow();

        IReadOnlyList<ProviderKeyHealth> keys = HealthOf(provider);

        Assert.Equal([(0, 1L, 1L), (1, 2L, 2L), (2, 2L, 0L)], keys.Select(key => (key.Position, key.Uses, key.Refusals)));
        Assert.Equal([new KeyRefusal(401, "large", now), new KeyRefusal(429, "small", now), null], keys.Select(key => key.LastRefusal));
        Assert.Equal([new KeyRest(null, 401, now.AddMinutes(5))], keys[0].Rests);
        Assert.Equal([new KeyRest("large", 429, now.AddSeconds(30)), new KeyRest("small", 429, now.AddSeconds(30))], keys[1].Rests);

        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal([1, 0, 0], HealthOf(provider).Select(key => key.Rests.Count));
    }

    [Fact]
    public async Task What_is_known_of_a_key_survives_changes_of_the_configuration()
    {
        ProviderConfig provider = await ProviderOf(keys: 3);
        Refuse(1, 401);
        await AnswersAsync(provider);
        await AnswersAsync(provider);
        Assert.Equal("0 1 2", Seen);

        // Other timeouts, one key gone, one new, the refused one elsewhere.
        ProviderConfig changed = provider with { Timeouts = ProviderTimeouts.Default, ApiKeys = [Key(1), Key(7), Key(0)] };
        Assert.Equal([(1, 1L), (0, 0L), (0, 0L)], HealthOf(changed).Select(key => (key.Rests.Count, key.Refusals)));
        for (int i = 0; i < 3; i++)
        {
            await AnswersAsync(changed);
        }

        Assert.Equal("0 1 2 7 0 7", Seen);
    }

    [Fact]
    public async Task A_key_that_goes_and_comes_back_is_new()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, 401);
        await AnswersAsync(provider);
        Assert.Single(HealthOf(provider with { ApiKeys = [Key(1)] }));

        Assert.Equal([(0, 0L), (0, 1L)], HealthOf(provider with { Region = "eu" }).Select(key => (key.Rests.Count, key.Uses)));
    }

    [Fact]
    public async Task Another_server_knows_nothing_of_refusals()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, 401);
        await AnswersAsync(provider);

        Assert.All(HealthOf(provider with { BaseUrl = new Uri("http://elsewhere/v1") }), key => Assert.Empty(key.Rests));
        Assert.All(HealthOf(provider with { Name = "twin" }), key => Assert.Empty(key.Rests));
    }

    [Fact]
    public async Task A_call_under_way_keeps_the_keys_that_it_began_with()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Answer(0, async (http, request) =>
        {
            arrived.SetResult();
            await refused.Task;
            await UpstreamScripts.Json("{}", 401)(http, request);
        });
        Task<AttemptResult> call = CallAsync(provider);
        await arrived.Task;
        ProviderConfig changed = provider with { ApiKeys = [Key(5), Key(0)] };
        await AnswersAsync(changed);
        refused.SetResult();

        Assert.IsType<AttemptResult.Answered>(await call);

        Assert.Equal("0 5 1", Seen);
        Assert.Equal([0, 1], HealthOf(changed).Select(key => key.Rests.Count));
    }

    [Fact]
    public async Task Concurrent_calls_share_the_keys_evenly_and_a_rest_is_logged_once()
    {
        const int Calls = 60;
        ProviderConfig provider = await ProviderOf(keys: 4);
        int arrived = 0;
        TaskCompletionSource allThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Answer(0, async (http, request) =>
        {
            // Every call that got this key is under way before the first is refused.
            if (Interlocked.Increment(ref arrived) == Calls / 4)
            {
                allThere.SetResult();
            }

            await allThere.Task;
            await UpstreamScripts.Json("{}", 401)(http, request);
        });

        AttemptResult[] results = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => CallAsync(provider)));

        Assert.All(results, result => Assert.IsType<AttemptResult.Answered>(result));
        Assert.Equal(
            [(15L, 15L), (20L, 0L), (20L, 0L), (20L, 0L)], HealthOf(provider).Select(key => (key.Uses, key.Refusals)));
        Assert.Equal(
            "5002 up refuses apiKeys[0] with 401 for up-model: it rests until 1970-01-01T00:05:00.0000000+00:00. Check it and its account ",
            Assert.Single(Log.Of(5002)));
    }

    [Theory]
    [InlineData(401, 5002)]
    [InlineData(402, 5002)]
    [InlineData(403, 5002)]
    [InlineData(429, 5003)]
    public async Task Each_rest_is_logged_once_and_no_secret_is_told_anywhere(int status, int line)
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, status);
        Refuse(1, status);

        AttemptFailure first = await FailureAsync(provider);
        AttemptFailure second = await FailureAsync(provider);
        Clock.Advance(TimeSpan.FromMinutes(6));
        AttemptFailure third = await FailureAsync(provider);

        Assert.Equal(4, Log.Of(line).Count());
        IEnumerable<object> shown = [first, second, third, provider, .. HealthOf(provider)];
        string told = string.Join('\n', [.. Log.All, .. shown.Select(what => $"{what}")]);
        Assert.DoesNotContain("sk-", told, StringComparison.Ordinal);
        Assert.All(new[] { first, second, third }, failure => Assert.True(failure.Body.IsEmpty));
    }
}
