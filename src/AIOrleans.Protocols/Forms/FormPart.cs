using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.Forms;

/// <summary>One part of a form.</summary>
/// <param name="IsFile">True when it has a file name.</param>
/// <param name="Content">Its bytes within the body.</param>
internal readonly record struct FormPart(string Name, bool IsFile, BodySpan Content);
