using System.Text;

namespace AIOrleans.Testing;

/// <summary>A request as a fake upstream received it.</summary>
/// <param name="Headers">By name without case; several values are joined by a comma.</param>
/// <param name="Closed">Completes when the caller closes the connection before the answer ended.</param>
public sealed record UpstreamRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, Task Closed)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
