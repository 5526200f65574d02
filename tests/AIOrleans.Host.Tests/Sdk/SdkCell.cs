using AIOrleans.Core.Usage;
using AIOrleans.Host.Tests.Running;
using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>One provider for a client to speak to: at once, or through a gateway.</summary>
internal sealed class SdkCell : IAsyncDisposable
{
    private readonly RunningGateway? gateway;

    private SdkCell(ModelServer provider, RunningGateway? gateway)
    {
        Provider = provider;
        this.gateway = gateway;
    }

    public ModelServer Provider { get; }

    /// <summary>Where clients call, without a version.</summary>
    public Uri Url => gateway?.Url ?? Provider.Url;

    public string Key => gateway is null ? ModelServer.ApiKey : TestConfig.Key;

    public ModelNames Names => gateway is null ? Provider.Names : CellConfig.AliasesOf(Provider.Names);

    /// <summary>The provider itself: what its own client takes from it proves that the fake is a good one.</summary>
    public static async Task<SdkCell> StartDirectAsync(ModelWire wire) => new(await ModelServer.StartAsync(wire), null);

    /// <summary>A gateway with this one provider, and with an alias for each way in which it may fail.</summary>
    public static async Task<SdkCell> StartGatewayAsync(ModelWire wire)
    {
        ModelServer provider = await ModelServer.StartAsync(wire);
        return new SdkCell(provider, await RunningGateway.StartAsync(CellConfig.Json(wire, provider)));
    }

    /// <summary>What the suites for Node want to know.</summary>
    public Dictionary<string, string?> Variables(string cell) => new()
    {
        ["AIORLEANS_CELL"] = cell,
        ["AIORLEANS_URL"] = Url.ToString(),
        ["AIORLEANS_KEY"] = Key,
        ["AIORLEANS_MODEL"] = Names.Chat,
        ["AIORLEANS_THINKER"] = Names.Thinker,
        ["AIORLEANS_EMBEDDER"] = Names.Embedder,
        ["AIORLEANS_COMPLETER"] = Names.Completer,
    };

    /// <summary>Fails unless nothing is held any more, and the ledger charged for each model what the provider's own invoice bills for whole answers.</summary>
    public async Task AssertBilledAsync()
    {
        Assert.NotNull(gateway);
        await gateway.AssertNothingHeldAsync();
        List<string> charged = [.. (await gateway.ExactUsageAsync()).Select(LineOf)];
        List<string> told = [.. Provider.Invoice.Where(call => call is { End: CallEnd.Whole, UsageTold: true } && call.Usage.Total > 0).Select(call => LineOf(call.Usage))];
        List<string> uncharged = [.. told.Where(line => !charged.Remove(line))];
        Assert.True(uncharged.Count + charged.Count == 0, $"Told and not charged: {string.Join("; ", uncharged)}\nCharged and not told: {string.Join("; ", charged)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }

        await Provider.DisposeAsync();
    }

    /// <summary>Without the images, which the gateway counts for itself: no provider tells them.</summary>
    private static string LineOf(TokenUsage usage) => (usage with { Images = 0 }).ToString();
}
