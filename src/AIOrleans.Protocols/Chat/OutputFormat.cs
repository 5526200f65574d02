using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Chat;

/// <summary>The shape that the client wants the answer's text in.</summary>
/// <param name="Schema">JSON schema; null: any JSON object.</param>
/// <param name="Name">OpenAI's name of the schema; null where the client gave none.</param>
/// <param name="Strict">Null: not said.</param>
public sealed record OutputFormat(RawJson? Schema, string? Name = null, string? Description = null, bool? Strict = null);
