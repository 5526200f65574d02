using AIOrleans.Engine.Tests.Fixture;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Engine.Tests.Grains;

/// <summary>What <see cref="ILedgerGrain"/> keeps.</summary>
[GenerateSerializer]
[Alias("engine.tests.ledger")]
public sealed class LedgerState
{
    [Id(0)]
    public long Total { get; set; }

    [Id(1)]
    public List<string> Entries { get; set; } = [];
}

/// <summary>Keeps two records.</summary>
public interface ILedgerGrain : IGrainWithStringKey
{
    Task<long> AddAsync(string entry, long amount);

    Task<LedgerState> ReadAsync();

    /// <summary>What the state was when <c>OnActivateAsync</c> ran.</summary>
    Task<long> TotalAtActivationAsync();

    Task<(bool Exists, string? ETag)> RecordAsync();

    Task ForgetAsync();

    Task EndAsync();
}

public class LedgerGrain : Grain, ILedgerGrain
{
    public const string StateName = "ledger";
    private readonly IPersistentState<LedgerState> ledger;
    private readonly IPersistentState<LedgerState> shadow;
    private long totalAtActivation = -1;

    public LedgerGrain(
        Signals signals,
        [PersistentState(StateName, EngineHost.Storage)] IPersistentState<LedgerState> ledger,
        [PersistentState("shadow", EngineHost.Storage)] IPersistentState<LedgerState> shadow)
    {
        ArgumentNullException.ThrowIfNull(signals);
        this.ledger = ledger;
        this.shadow = shadow;
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        totalAtActivation = ledger.State.Total;
        return Task.CompletedTask;
    }

    public async Task<long> AddAsync(string entry, long amount)
    {
        ledger.State.Total += amount;
        ledger.State.Entries.Add(entry);
        await ledger.WriteStateAsync();
        shadow.State.Total -= amount;
        await shadow.WriteStateAsync();
        return ledger.State.Total + shadow.State.Total;
    }

    public Task<LedgerState> ReadAsync() => Task.FromResult(ledger.State);

    public Task<long> TotalAtActivationAsync() => Task.FromResult(totalAtActivation);

    public Task<(bool Exists, string? ETag)> RecordAsync() => Task.FromResult((ledger.RecordExists, ledger.Etag));

    public Task ForgetAsync() => ledger.ClearStateAsync();

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
