using System.Collections.Concurrent;
using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Accounts;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>Makes calls of account grains end as they do when their silo dies. Thread-safe.</summary>
internal sealed class AccountFaults : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(string Account, string Method), Fault> faults = new();

    /// <summary>The next calls never reach the account.</summary>
    /// <param name="method">Of <see cref="IAccountGrain"/>.</param>
    /// <param name="before">Runs before each of them.</param>
    public void Refuse(AccountId account, string method, int count = int.MaxValue, Action? before = null) =>
        faults[(account.ToString(), method)] = new Fault(count, IsAnswerLost: false, before);

    /// <summary>The next calls do what they are for, and nobody learns of it.</summary>
    public void LoseAnswers(AccountId account, string method, int count = 1) =>
        faults[(account.ToString(), method)] = new Fault(count, IsAnswerLost: true, Before: null);

    /// <summary>The account is on a silo of a version that does not have the method: what genuine Orleans answers then.</summary>
    public void Forget(AccountId account, string method) =>
        faults[(account.ToString(), method)] = new Fault(int.MaxValue, IsAnswerLost: false, Before: null) { IsUnknown = true };

    public void End() => faults.Clear();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not IAccountGrain || Next((context.TargetId.Key.ToString()!, context.MethodName)) is not { } fault)
        {
            await context.Invoke();
            return;
        }

        fault.Before?.Invoke();
        if (fault.IsAnswerLost)
        {
            await context.Invoke();
        }

        throw fault.IsUnknown ? new TypeLoadException("Unable to resolve type alias.") : new SiloUnavailableException("Lost by the test.");
    }

    private Fault? Next((string Account, string Method) call)
    {
        while (faults.TryGetValue(call, out Fault? fault) && fault.Count > 0)
        {
            if (faults.TryUpdate(call, fault with { Count = fault.Count - 1 }, fault))
            {
                return fault;
            }
        }

        return null;
    }

    private sealed record Fault(int Count, bool IsAnswerLost, Action? Before)
    {
        public bool IsUnknown { get; init; }
    }
}
