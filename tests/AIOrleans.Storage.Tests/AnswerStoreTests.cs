using System.Text;
using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Storage.Tests;

/// <summary>What <see cref="IAnswerStore"/> promises, on each database.</summary>
public abstract class AnswerStoreTests : StorageSuite
{
    private const string Key = "acme.eng.k1/hash";
    private const string Prompt = "canary-prompt-4711";

    private static readonly DateTimeOffset Now = Requests.Now;
    private static readonly DateTimeOffset LeaseUntil = Now.AddSeconds(30);
    private static readonly DateTimeOffset ExpiresAt = Now.AddHours(24);

    private IAnswerStore Answers => Host.Get<IAnswerStore>();

    [StoreFact]
    public async Task Of_fifty_claims_at_once_one_leads_and_all_know_which()
    {
        ClaimOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ClaimAsync(Claim())));

        HoldId leader = Assert.Single(outcomes, outcome => outcome.State == ClaimState.Led).RequestId;
        Assert.All(outcomes, outcome => Assert.Equal(leader, outcome.RequestId));
        Assert.Equal(49, outcomes.Count(outcome => outcome.State == ClaimState.Running && outcome.LeaseUntil == LeaseUntil));
    }

    [StoreFact]
    public async Task A_claim_repeated_by_its_own_request_still_leads()
    {
        AnswerClaim claim = Claim();
        await ClaimAsync(claim);

        Assert.Equal(ClaimState.Led, (await ClaimAsync(claim)).State);
    }

    [StoreFact]
    public async Task Another_fingerprint_is_told_that_the_key_is_used_whatever_became_of_it()
    {
        AnswerClaim claim = Claim();
        await ClaimAsync(claim);
        Assert.Equal(ClaimState.Reused, (await ClaimAsync(Claim(fingerprint: "other"))).State);

        // Its silo died: what it called may have been charged.
        Assert.Equal(ClaimState.Reused, (await ClaimAsync(Claim(fingerprint: "other"), LeaseUntil)).State);

        await KeepAsync(claim, Answer());
        Assert.Equal(ClaimState.Reused, (await ClaimAsync(Claim(fingerprint: "other"))).State);
    }

    [StoreFact]
    public async Task A_claim_stands_until_its_lease_ends_and_renewing_prolongs_it()
    {
        AnswerClaim first = Claim();
        await ClaimAsync(first);
        Assert.Equal(ClaimState.Running, (await ClaimAsync(Claim(), LeaseUntil.AddTicks(-10))).State);
        Assert.True(await Answers.RenewAsync(Key, first.RequestId, LeaseUntil.AddSeconds(30), None));
        Assert.Equal(ClaimState.Running, (await ClaimAsync(Claim(), LeaseUntil)).State);

        AnswerClaim second = Claim();
        Assert.Equal(ClaimState.Led, (await ClaimAsync(second, LeaseUntil.AddSeconds(30))).State);

        // The first one was only frozen: whatever it does now changes nothing.
        Assert.False(await Answers.RenewAsync(Key, first.RequestId, LeaseUntil.AddHours(1), None));
        Assert.False(await KeepAsync(first, Answer()));
        await Answers.ForgetAsync(Key, first.RequestId, None);
        Assert.Equal((ClaimState.Running, second.RequestId), Of(await ClaimAsync(Claim(), LeaseUntil.AddSeconds(31))));
    }

    [StoreFact]
    public async Task A_kept_answer_comes_back_as_it_was_after_a_restart_too()
    {
        AnswerClaim claim = Claim();
        await ClaimAsync(claim);
        KeptAnswer answer = Answer([0, 1, 254, 255, .. Encoding.UTF8.GetBytes("data: é\n\n")]);
        Assert.True(await KeepAsync(claim, answer));

        await Host.DisposeAsync();
        await using StorageHost again = await Database.OpenAsync();

        IAnswerStore answers = again.Get<IAnswerStore>();
        Assert.Equal((ClaimState.Kept, claim.RequestId), Of(await answers.ClaimAsync(Claim(), LeaseUntil, Now, None)));
        KeptAnswer? read = await answers.ReadAsync(Key, claim.RequestId, None);
        Assert.NotNull(read);
        Assert.Equal((answer.Status, answer.ContentType), (read.Status, read.ContentType));
        Assert.Equal(answer.Headers, read.Headers);
        Assert.Equal(answer.Body.ToArray(), read.Body.ToArray());
    }

    [StoreFact]
    public async Task A_charged_request_whose_answer_is_not_kept_is_remembered_all_the_same()
    {
        AnswerClaim claim = Claim();
        await ClaimAsync(claim);
        Assert.True(await KeepAsync(claim, null));

        Assert.Equal((ClaimState.NotKept, claim.RequestId), Of(await ClaimAsync(Claim(), LeaseUntil)));
        Assert.Null(await Answers.ReadAsync(Key, claim.RequestId, None));
    }

    [StoreFact]
    public async Task A_forgotten_claim_lets_the_next_one_lead_and_a_kept_answer_is_not_forgotten()
    {
        AnswerClaim first = Claim();
        await ClaimAsync(first);
        await Answers.ForgetAsync(Key, first.RequestId, None);

        AnswerClaim second = Claim(fingerprint: "other");
        Assert.Equal(ClaimState.Led, (await ClaimAsync(second)).State);
        await KeepAsync(second, Answer());
        await Answers.ForgetAsync(Key, second.RequestId, None);
        Assert.NotNull(await Answers.ReadAsync(Key, second.RequestId, None));
    }

    [StoreFact]
    public async Task An_expired_key_is_free_again_swept_or_not()
    {
        AnswerClaim claim = Claim();
        await ClaimAsync(claim);
        await KeepAsync(claim, Answer());

        AnswerClaim later = Claim(fingerprint: "other") with { ExpiresAt = ExpiresAt.AddHours(24) };
        Assert.Equal(ClaimState.Led, (await ClaimAsync(later, ExpiresAt)).State);
        Assert.Null(await Answers.ReadAsync(Key, later.RequestId, None));
    }

    [StoreFact]
    public async Task The_sweep_removes_what_has_expired_a_bounded_number_at_a_time()
    {
        for (int i = 0; i < 5; i++)
        {
            await ClaimAsync(Claim($"acme.eng.k1/{i}") with { ExpiresAt = ExpiresAt.AddMinutes(i) });
        }

        Assert.Equal(0, await Answers.SweepAsync(ExpiresAt.AddTicks(-10), 10, None));
        Assert.Equal(2, await Answers.SweepAsync(ExpiresAt.AddMinutes(3), 2, None));
        Assert.Equal(2, await Answers.SweepAsync(ExpiresAt.AddMinutes(3), 10, None));
        Assert.Equal(["acme.eng.k1/4"], await Database.QueryAsync("SELECT answer_key FROM idempotent_answer"));
    }

    [StoreFact]
    public async Task Nothing_of_the_request_or_its_answer_can_be_read_from_the_database()
    {
        AnswerClaim claim = Claim();
        await ClaimAsync(claim);
        await KeepAsync(claim, Answer(Encoding.UTF8.GetBytes(Prompt)));

        byte[] stored = (byte[])Assert.Single(await Database.QueryAsync("SELECT answer FROM idempotent_answer"));
        Assert.DoesNotContain(Prompt, Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
        Assert.DoesNotContain("openai-processing-ms", Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
        Assert.NotEqual(claim.Fingerprint, Assert.Single(await Database.QueryAsync("SELECT fingerprint FROM idempotent_answer")));
    }

    [StoreFact]
    public async Task An_answer_opens_under_no_other_key()
    {
        AnswerClaim claim = Claim();
        await ClaimAsync(claim);
        await KeepAsync(claim, Answer());
        await Database.QueryAsync("UPDATE idempotent_answer SET answer_key = 'acme.eng.k2/hash' RETURNING answer_key");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Answers.ReadAsync("acme.eng.k2/hash", claim.RequestId, None));
    }

    private static (ClaimState State, HoldId RequestId) Of(ClaimOutcome outcome) => (outcome.State, outcome.RequestId);

    private static AnswerClaim Claim(string key = Key, string fingerprint = "one") => new()
    {
        Key = key,
        Tenant = "acme",
        RequestId = HoldId.New(Now),
        Fingerprint = fingerprint,
        ExpiresAt = ExpiresAt,
    };

    private static KeptAnswer Answer(byte[]? body = null) =>
        new(200, "application/json", [new("openai-processing-ms", "12"), new("x-aiorleans-provider", "up")], body ?? "{}"u8.ToArray());

    private Task<ClaimOutcome> ClaimAsync(AnswerClaim claim, DateTimeOffset? now = null) =>
        Answers.ClaimAsync(claim, (now ?? Now).AddSeconds(30), now ?? Now, None);

    private Task<bool> KeepAsync(AnswerClaim claim, KeptAnswer? answer) => Answers.KeepAsync(claim.Key, claim.RequestId, answer, ExpiresAt, None);
}

public sealed class SqliteAnswerStoreTests : AnswerStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => Task.FromResult<TestDatabase>(new SqliteDatabase());
}

[NeedsPostgres]
[Collection("postgresql")]
public sealed class PostgresAnswerStoreTests(PostgresFixture server) : AnswerStoreTests
{
    protected override Task<TestDatabase> CreateAsync() => server.CreateDatabaseAsync();
}
