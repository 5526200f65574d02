namespace AIOrleans.Storage.Tests.Support;

/// <summary>An empty database of one kind; opened as often as a test likes.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    public abstract IReadOnlyDictionary<string, string?> Settings { get; }

    internal Task<StorageHost> OpenAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(Settings, StringComparer.Ordinal);
        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return StorageHost.OpenAsync(settings);
    }

    /// <summary>Runs SQL beside the gateway; the first column of every row.</summary>
    public abstract Task<List<object>> QueryAsync(string sql);

    public abstract ValueTask DisposeAsync();
}
