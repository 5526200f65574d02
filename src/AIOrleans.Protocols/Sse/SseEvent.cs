namespace AIOrleans.Protocols.Sse;

/// <summary>One block of an event stream, up to and including the blank line that ends it.</summary>
/// <remarks>All memory belongs to the <see cref="SseReader"/> and is valid until its next read or write.</remarks>
/// <param name="Raw">The block as it came, to be passed on untouched.</param>
/// <param name="Data">Values of its <c>data</c> lines, joined by <c>\n</c>.</param>
/// <param name="Name">Value of its <c>event</c> line; empty when it has none.</param>
/// <param name="HasData">False for comments (keep-alives) and blank lines: clients see no event.</param>
public readonly record struct SseEvent(ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Name, bool HasData);
