using AIOrleans.Core.Idempotency;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;

namespace AIOrleans.Testing;

/// <summary>Kept answers in memory: the same promises as the real store, in the fewest words.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class MemoryAnswers : IAnswerStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);
    private volatile bool isAway;
    private int claims;

    /// <summary>True: every call fails, nothing is written.</summary>
    public bool IsAway
    {
        get => isAway;
        set => isAway = value;
    }

    /// <summary>Claims that the store was asked for.</summary>
    public int Claims => Volatile.Read(ref claims);

    public Task<ClaimOutcome> ClaimAsync(AnswerClaim claim, DateTimeOffset leaseUntil, DateTimeOffset now, CancellationToken cancellationToken) => Run(() =>
    {
        claims++;
        Row? row = rows.GetValueOrDefault(claim.Key);
        if (row is null || row.ExpiresAt <= now || (row.State == ClaimState.Running && row.LeaseUntil <= now && row.Fingerprint == claim.Fingerprint))
        {
            rows[claim.Key] = row = new Row(claim.RequestId, claim.Fingerprint, ClaimState.Running, leaseUntil, claim.ExpiresAt, null);
        }

        ClaimState state = row.Fingerprint != claim.Fingerprint ? ClaimState.Reused
            : row.State == ClaimState.Running && row.RequestId == claim.RequestId ? ClaimState.Led
            : row.State;
        return new ClaimOutcome(state, row.RequestId, row.LeaseUntil);
    });

    public Task<bool> RenewAsync(string key, HoldId requestId, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        Change(key, requestId, row => row.State == ClaimState.Running ? row with { LeaseUntil = leaseUntil } : null);

    public Task<bool> KeepAsync(string key, HoldId requestId, KeptAnswer? answer, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        Change(key, requestId, row => row with { State = answer is null ? ClaimState.NotKept : ClaimState.Kept, Answer = answer, ExpiresAt = expiresAt });

    public Task ForgetAsync(string key, HoldId requestId, CancellationToken cancellationToken) => Run(() =>
        rows.TryGetValue(key, out Row? row) && row.RequestId == requestId && row.State == ClaimState.Running && rows.Remove(key));

    public Task<KeptAnswer?> ReadAsync(string key, HoldId requestId, CancellationToken cancellationToken) => Run(() =>
        rows.TryGetValue(key, out Row? row) && row.RequestId == requestId ? row.Answer : null);

    public Task<int> SweepAsync(DateTimeOffset now, int countMax, CancellationToken cancellationToken) => Run(() =>
        rows.Where(row => row.Value.ExpiresAt <= now).Take(countMax).ToArray().Count(row => rows.Remove(row.Key)));

    private Task<bool> Change(string key, HoldId requestId, Func<Row, Row?> change) => Run(() =>
    {
        if (!rows.TryGetValue(key, out Row? row) || row.RequestId != requestId || change(row) is not { } changed)
        {
            return false;
        }

        rows[key] = changed;
        return true;
    });

    private Task<T> Run<T>(Func<T> work)
    {
        if (isAway)
        {
            return Task.FromException<T>(new StoreUnavailableException("The test says that the store is away."));
        }

        lock (gate)
        {
            return Task.FromResult(work());
        }
    }

    private sealed record Row(
        HoldId RequestId, string Fingerprint, ClaimState State, DateTimeOffset LeaseUntil, DateTimeOffset ExpiresAt, KeptAnswer? Answer);
}
