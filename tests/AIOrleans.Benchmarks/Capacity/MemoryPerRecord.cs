using System.Runtime.CompilerServices;
using AIOrleans.Benchmarks.Grains;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace AIOrleans.Benchmarks.Capacity;

/// <summary>Bytes in memory of one record of the directory, as a process reads it from its store, and of one account that is active.</summary>
internal static class MemoryPerRecord
{
    private const int Keys = 50_000;
    private const int KeysPerUser = 8;
    private const int ActiveKeys = 8_000;

    public static async Task RunAsync(TextWriter output)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        DirectorySnapshot snapshot = Read();
        long records = snapshot.Keys.Count + snapshot.Users.Count;
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine(FormattableString.Invariant($"directory: {bytes / records:N0} bytes a record, of {records:N0}: keys with limits, {KeysPerUser} to a user"));
        GC.KeepAlive(snapshot);
        await MeasureActiveAsync(output);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DirectorySnapshot Read()
    {
        var limits = new LimitsConfig { RequestsPerMinute = 600, Quotas = [new QuotaConfig(QuotaMetric.Cost, QuotaPeriod.Month, 50_000_000_000)] };
        var vault = new NoVault();
        List<DirectoryEntry> entries = [new TenantConfig("acme", "Europe/Berlin", limits, AccessConfig.Default), new OrgConfig("acme", "eng", limits, AccessConfig.Default, new Dictionary<string, LimitsConfig>())];
        entries.AddRange(Enumerable.Range(0, Keys / KeysPerUser).Select(i => new UserConfig("acme", "eng", $"user-{i}", [], limits, AccessConfig.Default)));
        entries.AddRange(Enumerable.Range(0, Keys).Select(i => new KeyConfig(
            "acme", "eng", $"key-{i}", $"user-{i / KeysPerUser}", null, null, $"{i:x64}", [new("project", $"p{i % 100}")], limits, AccessConfig.Default, null, false)));
        return DirectorySnapshot.Empty.With([.. entries.Select((entry, i) => DirectoryJson.Write(entry, vault) with { Revision = i + 1 })], vault);
    }

    private static async Task MeasureActiveAsync(TextWriter output)
    {
        await using HoldSettleHost host = await HoldSettleHost.StartAsync("fast", ActiveKeys);
        IRequestGrain grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRequestGrain>(0);
        await HoldAsync(grain, host.Load, 0);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int key = 0; key < ActiveKeys; key++)
        {
            await HoldAsync(grain, host.Load, key);
        }

        long accounts = ActiveKeys + (ActiveKeys / KeysPerUser) + (ActiveKeys / (2 * KeysPerUser));
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine(FormattableString.Invariant($"accounts: {bytes / accounts:N0} bytes an active account, of {accounts:N0}, each with rates and two quotas"));
    }

    private static async Task HoldAsync(IRequestGrain grain, HoldSettleLoad load, int key)
    {
        HoldCommand hold = load.HoldOf(key, TimeProvider.System.GetUtcNow());
        await grain.HoldAsync(hold);
        await grain.SettleAsync(load.SettleOf(hold, TimeProvider.System.GetUtcNow()));
    }

    /// <summary>For records without credentials.</summary>
    private sealed class NoVault : ISecretVault
    {
        public string Seal(Secret secret) => throw new NotSupportedException();

        public Secret Open(string sealedText) => throw new NotSupportedException();

        public string HashKey(ReadOnlySpan<char> secret) => throw new NotSupportedException();
    }
}
