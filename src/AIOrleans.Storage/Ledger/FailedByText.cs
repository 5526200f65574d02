using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Ledger;

/// <summary><see cref="FailedBy"/> as stored: names, never renamed, so that the enum may be reordered.</summary>
internal static class FailedByText
{
    public static string Of(FailedBy failedBy) => failedBy switch
    {
        FailedBy.Nobody => "nobody",
        FailedBy.Gateway => "gateway",
        FailedBy.Provider => "provider",
        FailedBy.Client => "client",
        _ => throw new ArgumentOutOfRangeException(nameof(failedBy), failedBy, "Not a known culprit."),
    };

    public static FailedBy Read(string text) => text switch
    {
        "nobody" => FailedBy.Nobody,
        "gateway" => FailedBy.Gateway,
        "provider" => FailedBy.Provider,
        "client" => FailedBy.Client,
        _ => throw new FormatException($"'{text}' in usage_event.failed_by is not a known culprit."),
    };
}
