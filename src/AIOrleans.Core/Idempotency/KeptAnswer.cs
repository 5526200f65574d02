namespace AIOrleans.Core.Idempotency;

/// <summary>An answer as the first client got it, to be given again.</summary>
/// <param name="Headers">Those of the answer itself; none about connections or limits.</param>
public sealed record KeptAnswer(int Status, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body);
