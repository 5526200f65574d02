using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>Media types: whether they are some, and which by the endings of addresses.</summary>
internal static class MediaTypes
{
    /// <summary>Checks that a media type can stand in a data address: what follows its comma would be taken for bytes.</summary>
    public static string Check(string type, string path, RequestReading reading)
    {
        if (type.AsSpan().ContainsAnyExceptInRange('!', '~') || type.Contains(',', StringComparison.Ordinal))
        {
            reading.Fail(RequestMistake.BadValue(path, "a media type such as 'image/png'"));
        }

        return type;
    }

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
