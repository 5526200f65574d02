using AIOrleans.Contracts.Idempotency;
using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ledger;
using AIOrleans.Grains.Tests.Fixture;
using static AIOrleans.Grains.Tests.Fixture.Requests;

namespace AIOrleans.Grains.Tests;

public class IdempotencyGrainTests
{
    private const string Key = "acme.eng.k1/hash";

    private static readonly DateTimeOffset ExpiresAt = Noon.AddHours(24);
    private static readonly KeptAnswer Answer = new(200, "application/json", [], "{}"u8.ToArray());

    [Fact]
    public async Task Of_fifty_claims_at_once_one_leads_and_the_store_is_asked_once()
    {
        await using GrainHost host = await GrainHost.StartAsync();

        ClaimReply[] replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Grains.GetGrain<IIdempotencyGrain>(Key).ClaimAsync(Claim())));

        HoldId leader = Assert.Single(replies, reply => reply.State == ClaimState.Led).RequestId;
        Assert.Equal(49, replies.Count(reply => reply.State == ClaimState.Running && reply.RequestId == leader));
        Assert.Equal(1, host.Answers.Claims);
    }

    [Fact]
    public async Task Another_request_under_the_key_is_told_so_while_the_first_runs_and_after_it()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IIdempotencyGrain grain = host.Grains.GetGrain<IIdempotencyGrain>(Key);
        ClaimCommand first = await MustLeadAsync(grain);
        Assert.Equal(ClaimState.Reused, (await grain.ClaimAsync(Claim("other"))).State);

        await EndAsync(host, first, Answer);

        Assert.Equal(ClaimState.Reused, (await grain.ClaimAsync(Claim("other"))).State);
        ClaimReply again = await grain.ClaimAsync(Claim());
        Assert.Equal((ClaimState.Kept, first.RequestId), (again.State.GetValueOrDefault(), again.RequestId));
    }

    [Fact]
    public async Task Those_who_wait_are_let_go_when_the_leader_ends()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IIdempotencyGrain grain = host.Grains.GetGrain<IIdempotencyGrain>(Key);
        ClaimCommand first = await MustLeadAsync(grain);
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(_ => grain.WaitAsync(first.RequestId))];
        await Eventually.Async(() => grain.RenewAsync(first.RequestId), reply => reply.IsAwaited);
        Assert.DoesNotContain(waiting, wait => wait.IsCompleted);

        await EndAsync(host, first, Answer);

        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(3));
        await grain.WaitAsync(first.RequestId).WaitAsync(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_leader_that_ended_without_a_charge_leaves_the_key_to_the_next()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IIdempotencyGrain grain = host.Grains.GetGrain<IIdempotencyGrain>(Key);
        ClaimCommand first = await MustLeadAsync(grain);
        await host.Answers.ForgetAsync(Key, first.RequestId, CancellationToken.None);
        await grain.EndAsync(first.RequestId);

        await MustLeadAsync(grain, Claim("other"));
    }

    [Fact]
    public async Task A_leader_whose_silo_died_is_succeeded_when_its_lease_ends_and_not_before()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IIdempotencyGrain grain = host.Grains.GetGrain<IIdempotencyGrain>(Key);
        ClaimCommand first = await MustLeadAsync(grain);
        host.Clock.Advance(Lease - TimeSpan.FromSeconds(1));
        Assert.NotNull((await grain.RenewAsync(first.RequestId)).LeaseUntil);
        host.Clock.Advance(Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(ClaimState.Running, (await grain.ClaimAsync(Claim())).State);
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        ClaimCommand second = await MustLeadAsync(grain);

        Assert.Null((await grain.RenewAsync(first.RequestId)).LeaseUntil);
        await grain.EndAsync(first.RequestId);
        ClaimReply third = await grain.ClaimAsync(Claim());
        Assert.Equal((ClaimState.Running, second.RequestId), (third.State.GetValueOrDefault(), third.RequestId));
    }

    [Fact]
    public async Task An_activation_that_knows_nothing_learns_who_leads_from_the_store()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        ClaimCommand elsewhere = Claim();
        await host.Answers.ClaimAsync(
            new AnswerClaim { Key = Key, Tenant = "acme", RequestId = elsewhere.RequestId, Fingerprint = elsewhere.Fingerprint, ExpiresAt = ExpiresAt },
            Noon + Lease, Noon, CancellationToken.None);
        IIdempotencyGrain grain = host.Grains.GetGrain<IIdempotencyGrain>(Key);

        ClaimReply reply = await grain.ClaimAsync(Claim());

        Assert.Equal((ClaimState.Running, elsewhere.RequestId), (reply.State.GetValueOrDefault(), reply.RequestId));
        Task wait = grain.WaitAsync(elsewhere.RequestId);
        await EndAsync(host, elsewhere, Answer);
        await wait.WaitAsync(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Nobody_leads_while_the_store_is_away()
    {
        await using GrainHost host = await GrainHost.StartAsync();
        IIdempotencyGrain grain = host.Grains.GetGrain<IIdempotencyGrain>(Key);
        host.Answers.IsAway = true;
        Assert.Null((await grain.ClaimAsync(Claim())).State);

        host.Answers.IsAway = false;
        ClaimCommand first = await MustLeadAsync(grain);
        host.Answers.IsAway = true;
        Assert.Null((await grain.RenewAsync(first.RequestId)).LeaseUntil);
        Assert.Equal(ClaimState.Running, (await grain.ClaimAsync(Claim())).State);
    }

    private static ClaimCommand Claim(string fingerprint = "one") =>
        new() { RequestId = HoldId.New(Noon), Tenant = "acme", Fingerprint = fingerprint, ExpiresAt = ExpiresAt };

    private static async Task<ClaimCommand> MustLeadAsync(IIdempotencyGrain grain, ClaimCommand? claim = null)
    {
        claim ??= Claim();
        ClaimReply reply = await grain.ClaimAsync(claim);
        Assert.Equal((ClaimState.Led, claim.RequestId), (reply.State.GetValueOrDefault(ClaimState.Reused), reply.RequestId));
        return claim;
    }

    /// <summary>As a gateway does: the store first, the grain second.</summary>
    private static async Task EndAsync(GrainHost host, ClaimCommand claim, KeptAnswer? answer)
    {
        Assert.True(await host.Answers.KeepAsync(Key, claim.RequestId, answer, ExpiresAt, CancellationToken.None));
        await host.Grains.GetGrain<IIdempotencyGrain>(Key).EndAsync(claim.RequestId);
    }
}
