using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Storage.Answers;

/// <summary>Seals what the rows keep, and says what they mean.</summary>
internal sealed class AnswerStore(IAnswerRows rows, AnswerVault vault) : IAnswerStore
{
    /// <summary>Rows that may vanish between writing and reading: each time its leader has just ended without a charge.</summary>
    private const int TriesMax = 5;

    public async Task<ClaimOutcome> ClaimAsync(AnswerClaim claim, DateTimeOffset leaseUntil, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string fingerprint = vault.HashFingerprint(claim.Fingerprint);
        var row = new NewAnswerRow(claim.Key, claim.Tenant, claim.RequestId.Value, fingerprint, leaseUntil, now, claim.ExpiresAt);
        for (int tries = 1; tries <= TriesMax; tries++)
        {
            if (await rows.ClaimAsync(row, cancellationToken) is { } standing)
            {
                return new ClaimOutcome(StateOf(standing, row), new HoldId(standing.RequestId), standing.LeaseUntil);
            }
        }

        throw new StoreUnavailableException("The Idempotency-Key of this request kept changing hands. Try again.");
    }

    public Task<bool> RenewAsync(string key, HoldId requestId, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        rows.RenewAsync(key, requestId.Value, leaseUntil, cancellationToken);

    public Task<bool> KeepAsync(string key, HoldId requestId, KeptAnswer? answer, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        byte[]? sealedAnswer = answer is null ? null : vault.Seal(AnswerText.Write(answer), key, requestId.Value);
        return rows.EndAsync(key, requestId.Value, sealedAnswer, expiresAt, cancellationToken);
    }

    public Task ForgetAsync(string key, HoldId requestId, CancellationToken cancellationToken) => rows.RemoveAsync(key, requestId.Value, cancellationToken);

    public async Task<KeptAnswer?> ReadAsync(string key, HoldId requestId, CancellationToken cancellationToken) =>
        await rows.ReadAsync(key, requestId.Value, cancellationToken) is { } blob ? AnswerText.Read(vault.Open(blob, key, requestId.Value)) : null;

    public Task<int> SweepAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) => rows.SweepAsync(now, countMax, cancellationToken);

    private static ClaimState StateOf(AnswerRow standing, NewAnswerRow asked) => standing switch
    {
        { Fingerprint: var fingerprint } when fingerprint != asked.Fingerprint => ClaimState.Reused,
        { State: AnswerRowState.Kept } => ClaimState.Kept,
        { State: AnswerRowState.NotKept } => ClaimState.NotKept,
        _ => standing.RequestId == asked.RequestId ? ClaimState.Led : ClaimState.Running,
    };
}
