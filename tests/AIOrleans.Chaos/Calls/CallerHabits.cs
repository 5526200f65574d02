namespace AIOrleans.Chaos.Calls;

/// <summary>What callers do besides calling.</summary>
/// <param name="LeavesPercent">Of a hundred calls, how many are left before their answer is whole.</param>
/// <param name="QueuesPercent">Of a hundred calls, how many would wait in line.</param>
internal sealed record CallerHabits(int LeavesPercent, int QueuesPercent)
{
    /// <summary>As people and programs are.</summary>
    public static readonly CallerHabits Usual = new(10, 25);

    /// <summary>Whoever calls waits for the answer, so that a missing one is somebody's mistake.</summary>
    public static readonly CallerHabits Patient = new(0, 0);
}
