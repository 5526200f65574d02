using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;
using AIOrleans.Testing;

namespace AIOrleans.Providers.Tests.Keys;

public sealed class KeyRotationTests : KeyTests
{
    private static readonly TimeSpan Refused = TimeSpan.FromMinutes(5);

    /// <summary>Just before the end of what is waited for.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Keys_are_used_in_turn()
    {
        ProviderConfig provider = await ProviderOf(keys: 3);
        for (int i = 0; i < 7; i++)
        {
            await AnswersAsync(provider);
        }

        Assert.Equal("0 1 2 0 1 2 0", Seen);
        Assert.Equal([3, 2, 2], HealthOf(provider).Select(key => key.Uses));
    }

    [Theory]
    [InlineData(401, 300)]
    [InlineData(402, 300)]
    [InlineData(403, 300)]
    [InlineData(429, 10)]
    public async Task A_refused_key_rests_and_the_next_one_answers_at_once(int status, int restSeconds)
    {
        ProviderConfig provider = await ProviderOf(keys: 3);
        Refuse(0, status);
        await AnswersAsync(provider);
        Assert.Equal("0 1", Seen);

        // The others share the calls evenly.
        Clock.Advance(TimeSpan.FromSeconds(restSeconds) - Moment);
        for (int i = 0; i < 4; i++)
        {
            await AnswersAsync(provider);
        }

        Assert.Equal("0 1 2 1 2 1", Seen);

        Answer(0, Good);
        Clock.Advance(Moment);
        await AnswersAsync(provider);
        Assert.Equal("0 1 2 1 2 1 0", Seen);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(413)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(529)]
    public async Task Other_failures_are_not_the_keys(int status)
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, status);

        Assert.Equal(status, (await FailureAsync(provider)).Status);

        Assert.Equal("0", Seen);
        Assert.Equal((0L, 0), (HealthOf(provider)[0].Refusals, HealthOf(provider)[0].Rests.Count));
    }

    [Theory]
    [InlineData("retry-after", "90", 90_000)]
    [InlineData("retry-after-ms", "1500", 1_500)]
    public async Task A_limited_key_rests_as_long_as_it_was_told(string header, string value, int millis)
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, 429, (header, value));
        await AnswersAsync(provider);

        Clock.Advance(TimeSpan.FromMilliseconds(millis) - Moment);
        await AnswersAsync(provider);
        Assert.Equal("0 1 1", Seen);

        Clock.Advance(Moment);
        await AnswersAsync(provider);
        Assert.Equal("0 1 1 0 1", Seen);
    }

    [Fact]
    public async Task A_key_whose_budget_is_spent_rests_long_although_it_is_told_as_a_rate()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Answer(0, UpstreamScripts.Json(ChatSamples.Error("Buy more", "insufficient_quota", "\"insufficient_quota\""), 429, ("retry-after", "1")));
        await AnswersAsync(provider);

        Assert.Equal([new KeyRest(null, 429, Clock.GetUtcNow() + Refused)], HealthOf(provider)[0].Rests);
    }

    [Theory]
    [InlineData(401, "0 1 1")]
    [InlineData(402, "0 1 1")]
    [InlineData(403, "0 1 0 1")]
    [InlineData(429, "0 1 0 1")]
    public async Task Limits_and_permissions_are_of_one_model_and_the_rest_of_all(int status, string seen)
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, status);

        await AnswersAsync(provider, "large");
        await AnswersAsync(provider, "small");

        Assert.Equal(seen, Seen);
    }

    [Fact]
    public async Task An_attempt_fails_with_the_last_failure_when_every_key_is_refused()
    {
        ProviderConfig provider = await ProviderOf(keys: 3);
        Refuse(0, 429, ("retry-after", "30"));
        Refuse(1, 401);
        Refuse(2, 429, ("retry-after", "20"));

        AttemptFailure failure = await FailureAsync(provider);

        Assert.Equal("0 1 2", Seen);
        Assert.Equal((FailureKind.BadStatus, 429, TimeSpan.FromSeconds(20), false), (failure.Kind, failure.Status, failure.RetryAfter, failure.MayBeBilled));
        Assert.Equal("Provider 'up' answered with status 429. All 3 API keys were refused or rest.", failure.Message);
    }

    [Fact]
    public async Task Nothing_is_sent_while_every_key_rests()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Refuse(0, 429, ("retry-after", "30"));
        Refuse(1, 403);
        await FailureAsync(provider);

        Clock.Advance(TimeSpan.FromSeconds(29));
        AttemptFailure failure = await FailureAsync(provider);

        Assert.Equal("0 1", Seen);
        Assert.Equal((FailureKind.BadStatus, 429, TimeSpan.FromSeconds(1)), (failure.Kind, failure.Status, failure.RetryAfter));
        Assert.Equal((true, false), (failure.IsTransient, failure.MayBeBilled));
        Assert.Equal("All 2 API keys of provider 'up' rest after refusals, nothing was sent.", failure.Message);

        Answer(0, Good);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await AnswersAsync(provider);
        Assert.Equal("0 1 0", Seen);
    }

    [Fact]
    public async Task An_attempt_ends_however_short_the_rests_are()
    {
        ProviderConfig provider = await ProviderOf(keys: 2);
        Answer(0, (http, request) => Rested(http, request));
        Answer(1, (http, request) => Rested(http, request));

        Assert.Equal(429, (await FailureAsync(provider)).Status);
        Assert.Equal("0 1", Seen);

        Task Rested(Microsoft.AspNetCore.Http.HttpContext http, UpstreamRequest request)
        {
            // All rests so far are over.
            Clock.Advance(TimeSpan.FromSeconds(1));
            return UpstreamScripts.Json("{}", 429, ("retry-after-ms", "1"))(http, request);
        }
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    public async Task A_single_key_never_rests(int status)
    {
        ProviderConfig provider = await ProviderOf(keys: 1);
        Refuse(0, status, ("retry-after", "30"));

        AttemptFailure first = await FailureAsync(provider);
        await FailureAsync(provider);

        Assert.Equal("0 0", Seen);
        Assert.Equal((status, TimeSpan.FromSeconds(30), $"Provider 'up' answered with status {status}."), (first.Status, first.RetryAfter, first.Message));
        ProviderKeyHealth key = Assert.Single(HealthOf(provider));
        Assert.Equal((0, 2L, 2L, new KeyRefusal(status, "up-model", Clock.GetUtcNow())), (key.Position, key.Uses, key.Refusals, key.LastRefusal));
        Assert.Empty(key.Rests);
        Assert.Empty(Log.Of(5002).Concat(Log.Of(5003)));
    }
}
