using AIOrleans.Identity.Tokens;
using AIOrleans.Testing;
using AIOrleans.Testing.Issuers;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIOrleans.Identity.Tests.Tokens;

public sealed class IssuerKeysTests
{
    private static readonly SigningKey One = SigningKey.Curve("one");
    private static readonly SigningKey Two = SigningKey.Curve("two");

    private readonly ManualClock clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly JwtOptions options = new() { KeysRefreshSecondsMin = 10, KeysAgeMinutesMax = 60 };
    private readonly IssuerKeys keys;
    private Func<Task<string>> answerAsync = () => Task.FromResult(KeySetTests.Set(One.Jwk()));
    private int reads;

    public IssuerKeysTests() => keys = new IssuerKeys(
        "corp",
        _ =>
        {
            Interlocked.Increment(ref reads);
            return answerAsync();
        },
        options,
        clock,
        NullLogger.Instance);

    [Fact]
    public async Task Keys_are_read_when_they_are_first_needed_and_kept()
    {
        Assert.Null(keys.Current);

        Assert.NotNull(await AskAsync("one"));
        Assert.NotNull(await AskAsync("one"));

        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_looked_for_at_once_and_then_not_more_often_than_allowed()
    {
        await AskAsync("one");
        answerAsync = () => Task.FromResult(KeySetTests.Set(One.Jwk(), Two.Jwk()));

        Assert.Empty((await AskAsync("two"))!.For(KeySetTests.Asking("ES256", "two"))); // ! Read before.
        Assert.Equal(1, reads);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single((await AskAsync("two"))!.For(KeySetTests.Asking("ES256", "two"))); // ! Likewise.
        for (int i = 0; i < 50; i++)
        {
            await AskAsync($"stranger-{i}");
        }

        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task All_who_need_a_key_wait_for_one_read()
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        answerAsync = () => answer.Task;

        Task<KeySet?>[] asks = [.. Enumerable.Range(0, 20).Select(_ => AskAsync("one").AsTask())];
        answer.SetResult(KeySetTests.Set(One.Jwk()));

        Assert.All(await Task.WhenAll(asks), Assert.NotNull);
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task Who_leaves_takes_the_keys_from_nobody()
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        answerAsync = () => answer.Task;
        using var leaving = new CancellationTokenSource();
        Task<KeySet?> left = keys.WithKeysOfAsync(KeySetTests.Asking("ES256", "one"), leaving.Token).AsTask();
        Task<KeySet?> stays = AskAsync("one").AsTask();

        await leaving.CancelAsync();
        answer.SetResult(KeySetTests.Set(One.Jwk()));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.NotNull(await stays);
    }

    [Fact]
    public async Task The_last_keys_count_while_the_issuer_is_away_but_not_for_ever()
    {
        await AskAsync("one");
        answerAsync = () => throw new KeysUnavailableException("away");

        clock.Advance(TimeSpan.FromMinutes(60));
        await keys.RefreshAsync();
        Assert.NotNull(keys.Current);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(keys.Current);
        Assert.Null(await AskAsync("one"));

        answerAsync = () => Task.FromResult(KeySetTests.Set(One.Jwk()));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(await AskAsync("one"));
    }

    [Fact]
    public async Task Nonsense_is_as_good_as_an_absence()
    {
        KeySet? before = await AskAsync("one");
        answerAsync = () => Task.FromResult("<html>Please log in</html>");

        await keys.RefreshAsync();

        Assert.Same(before, keys.Current);
    }

    [Fact]
    public async Task The_same_keys_are_the_same_set_and_others_are_another()
    {
        KeySet? before = await AskAsync("one");

        await keys.RefreshAsync();
        Assert.Same(before, keys.Current);

        answerAsync = () => Task.FromResult(KeySetTests.Set(Two.Jwk()));
        await keys.RefreshAsync();
        Assert.NotSame(before, keys.Current);
        Assert.Equal(3, reads);
    }

    private ValueTask<KeySet?> AskAsync(string kid) => keys.WithKeysOfAsync(KeySetTests.Asking("ES256", kid), CancellationToken.None);
}
