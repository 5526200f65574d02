namespace AIOrleans.Core.Health;

/// <summary>How one key of a provider fares. Never says which key it is but by its place.</summary>
/// <param name="Position">From 0, as in the configuration's <c>apiKeys</c>.</param>
/// <param name="Uses">Calls made with it since the process began, or the key was configured.</param>
/// <param name="Refusals">Those of them that were refused because of the key.</param>
/// <param name="LastRefusal">Null: never refused.</param>
/// <param name="Rests">What it is not used for, and until when; empty: it is used in its turn.</param>
public sealed record ProviderKeyHealth(int Position, long Uses, long Refusals, KeyRefusal? LastRefusal, IReadOnlyList<KeyRest> Rests);

/// <summary>A call that a provider refused because of the key.</summary>
/// <param name="Status">401, 402, 403 or 429.</param>
public sealed record KeyRefusal(int Status, string Model, DateTimeOffset At);

/// <summary>A key is left alone.</summary>
/// <param name="Model">The only model that it rests for, as the provider calls it; null: for all of them.</param>
/// <param name="Status">Of the refusal that it rests after.</param>
public sealed record KeyRest(string? Model, int Status, DateTimeOffset Until);
