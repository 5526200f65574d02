using AIOrleans.Core.Ledger;
using AIOrleans.Storage.Tests.Support;
using Microsoft.Extensions.Options;

namespace AIOrleans.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Defaults_are_these()
    {
        var ledger = new LedgerOptions();

        Assert.Equal(("sqlite", "", ""), (new StorageOptions().Provider, new StorageOptions().Path, new StorageOptions().ConnectionString));
        Assert.Equal((LedgerDurability.Strict, 1024, 2, 20_000, 5), (ledger.Durability, ledger.BatchSizeMax, ledger.SettleDelayMaxMs, ledger.QueueMax, ledger.StoreTimeoutSeconds));
    }

    [Fact]
    public async Task Every_mistake_is_reported_at_once()
    {
        await using StorageHost host = StorageHost.Build(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage:Provider"] = "postgresql",
            ["Storage:ReportTimeoutSeconds"] = "0",
            ["Ledger:BatchSizeMax"] = "0",
            ["Ledger:SettleDelayMaxMs"] = "11",
            ["Ledger:QueueMax"] = "1",
            ["Ledger:StoreTimeoutSeconds"] = "61",
        });

        string message = (await Assert.ThrowsAnyAsync<Exception>(host.PrepareAsync)).ToString();

        foreach (string option in (string[])["Storage:ConnectionString", "Storage:ReportTimeoutSeconds", "Ledger:BatchSizeMax", "Ledger:SettleDelayMaxMs",
            "Ledger:QueueMax", "Ledger:StoreTimeoutSeconds"])
        {
            Assert.Contains(option, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_provider_is_refused()
    {
        await using StorageHost host = StorageHost.Build(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Storage:Provider"] = "oracle" });

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(host.PrepareAsync);

        Assert.Equal("Storage:Provider is 'oracle'; it must be 'sqlite' or 'postgresql'.", refusal.Message);
    }
}
