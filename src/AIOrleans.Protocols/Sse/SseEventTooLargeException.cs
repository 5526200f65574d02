namespace AIOrleans.Protocols.Sse;

/// <summary>The stream holds an event beyond the bound of its reader: the upstream sends garbage, or the bound is too low for it.</summary>
public sealed class SseEventTooLargeException(int eventBytesMax)
    : IOException($"An event of the stream is larger than {eventBytesMax} bytes.")
{
    public int EventBytesMax { get; } = eventBytesMax;
}
