using AIOrleans.Protocols.Sse;

namespace AIOrleans.Protocols.Chat;

/// <summary>Takes a provider's stream apart into the steps of the canonical model. One per stream.</summary>
internal interface IStreamReader
{
    /// <summary>Reads one event and adds none or more steps to <paramref name="steps"/>. Never throws, whatever the bytes.</summary>
    /// <returns>Forward, Drop, Done, Failed or Garbage as <see cref="StreamStep"/> says; the steps are complete for all but Garbage.</returns>
    StreamStep Read(in SseEvent next, List<ChatEvent> steps);

    /// <summary>The provider has closed the stream properly; see <see cref="IStreamMeter.End"/>.</summary>
    StreamStep End(List<ChatEvent> steps);
}
