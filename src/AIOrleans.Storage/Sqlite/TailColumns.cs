namespace AIOrleans.Storage.Sqlite;

/// <summary>What windows need of an event.</summary>
internal static class TailColumns
{
    /// <summary>Path, operation, requests, tokens of all classes, cost, settling instant, time zone.</summary>
    public const string Selected = """
        path, operation, requests,
        uncached_input + cache_read + cache_write_5m + cache_write_1h + output + audio_input + audio_output + image_input + image_output,
        cost_nano, settled_at, time_zone
        """;
}
