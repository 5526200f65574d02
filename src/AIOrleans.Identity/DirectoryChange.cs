using AIOrleans.Core.Directory;

namespace AIOrleans.Identity;

/// <summary>One step of the live directory.</summary>
/// <param name="Records">What was read from the store, by revision.</param>
public sealed record DirectoryChange(DirectorySnapshot Before, DirectorySnapshot After, IReadOnlyList<DirectoryRecord> Records);
