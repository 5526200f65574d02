using AIOrleans.Core.Directory;

namespace AIOrleans.Identity;

/// <summary>One step of the live directory.</summary>
/// <param name="Records">What changed, by revision; where the whole directory was read anew, only what changed while it was.</param>
public sealed record DirectoryChange(DirectorySnapshot Before, DirectorySnapshot After, IReadOnlyList<DirectoryRecord> Records);
