namespace AIOrleans.Protocols.Chat;

/// <summary>Where the bytes of an image, a sound or a document are.</summary>
public abstract record MediaSource
{
    private MediaSource()
    {
    }

    /// <summary>Within the request.</summary>
    /// <param name="MediaType">E.g. <c>image/png</c>.</param>
    /// <param name="Base64">ASCII, as it came: bytes are never decoded here.</param>
    public sealed record Inline(string MediaType, ReadOnlyMemory<byte> Base64) : MediaSource;

    /// <summary>At an address that the provider reads.</summary>
    /// <param name="MediaType">Null where the client did not say.</param>
    public sealed record Url(string Address, string? MediaType = null) : MediaSource;

    /// <summary>Uploaded to the provider before; means nothing to any other.</summary>
    public sealed record Uploaded(string FileId) : MediaSource;
}
