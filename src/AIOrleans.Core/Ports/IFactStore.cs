namespace AIOrleans.Core.Ports;

/// <summary>Facts about the installation, each a short text under a name.</summary>
public interface IFactStore
{
    /// <summary>Null when nobody wrote it.</summary>
    Task<string?> ReadAsync(string name, CancellationToken cancellationToken);

    Task WriteAsync(string name, string value, CancellationToken cancellationToken);
}
