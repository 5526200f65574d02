namespace AIOrleans.Core.Limits;

/// <summary>A caller's wish to wait in line where a limit refuses it for a while.</summary>
/// <param name="Waited">Since its first ask: what its place is ordered by. A span, because the clocks of silos differ.</param>
/// <param name="Patience">How much longer it waits; zero only asks for its turn.</param>
public readonly record struct LineAsk(TimeSpan Waited, TimeSpan Patience);

/// <summary>Where a refused call stands among those that wait for the same account.</summary>
/// <param name="Place">1 is next. Of a call that does not wait: the place that it would have had.</param>
/// <param name="Length">Calls that wait.</param>
/// <param name="EstimatedWait">Until its turn, if everybody ahead takes theirs; exact for rates, else from how fast the line moved lately.</param>
/// <param name="IsWaiting">True when the call has that place, false when it was refused for good.</param>
public sealed record LineFacts(int Place, int Length, TimeSpan EstimatedWait, bool IsWaiting);

/// <summary>Those that wait at one account, for show.</summary>
/// <param name="Length">Calls that wait.</param>
/// <param name="LengthMax">Most that may.</param>
/// <param name="OldestFor">How long the first has waited; null when nobody does.</param>
public readonly record struct LineLive(int Length, int LengthMax, TimeSpan? OldestFor);
