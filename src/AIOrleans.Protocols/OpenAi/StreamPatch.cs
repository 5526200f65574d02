using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>What <see cref="ChatRequestPatch"/> changes of a body: the model, and for streams <c>include_usage</c>.</summary>
/// <param name="Model">As the client named it.</param>
/// <param name="ModelValue">Where it stands.</param>
internal sealed record StreamPatch(ReadOnlyMemory<byte> Body, string Model, BodySpan ModelValue, bool Stream, StreamOptions Options);
