namespace AIOrleans.Protocols.Chat;

/// <summary>
/// Marks a signature that is not of the protocol that carries it. A conversation may move to another provider between two turns; a signature of
/// the first would make the second refuse the whole request.
/// </summary>
internal static class ForeignSignature
{
    private const string Prefix = "gemini#";

    public static string Mark(string signature) => Prefix + signature;

    public static bool IsMarked(string? signature) => signature?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <summary>The signature itself; null when it is not marked.</summary>
    public static string? Unmark(string? signature) => IsMarked(signature) ? signature?[Prefix.Length..] : null;
}
