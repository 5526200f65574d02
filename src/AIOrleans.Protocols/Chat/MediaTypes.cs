namespace AIOrleans.Protocols.Chat;

/// <summary>Media types by the endings of addresses.</summary>
internal static class MediaTypes
{
    /// <summary>Null when the path's ending is none of the usual.</summary>
    public static string? OfAddress(string address)
    {
        int end = address.IndexOfAny(['?', '#']);
        string path = end < 0 ? address : address[..end];
        int dot = path.LastIndexOf('.');
        return dot < 0 ? null : path[(dot + 1)..].ToLowerInvariant() switch
        {
            "png" => "image/png",
            "jpg" or "jpeg" => "image/jpeg",
            "webp" => "image/webp",
            "gif" => "image/gif",
            "pdf" => "application/pdf",
            "txt" => "text/plain",
            "wav" => "audio/wav",
            "mp3" => "audio/mp3",
            _ => null,
        };
    }
}
