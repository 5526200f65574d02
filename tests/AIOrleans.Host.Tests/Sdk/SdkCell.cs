using AIOrleans.Testing;

namespace AIOrleans.Host.Tests.Sdk;

/// <summary>One provider for a client to speak to: at once, or through a gateway.</summary>
internal sealed class SdkCell : IAsyncDisposable
{
    private SdkCell(ModelServer provider) => Provider = provider;

    public ModelServer Provider { get; }

    /// <summary>Where clients call, without a version.</summary>
    public Uri Url => Provider.Url;

    public string Key => ModelServer.ApiKey;

    public ModelNames Names => Provider.Names;

    /// <summary>The provider itself: what its own client takes from it proves that the fake is a good one.</summary>
    public static async Task<SdkCell> StartDirectAsync(ModelWire wire) => new(await ModelServer.StartAsync(wire));

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

    public ValueTask DisposeAsync() => Provider.DisposeAsync();
}
