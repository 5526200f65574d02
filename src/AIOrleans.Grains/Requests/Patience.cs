namespace AIOrleans.Grains.Requests;

/// <summary>Pauses between asks of an account that cannot be reached, for as long as it may need to come to life on another silo.</summary>
/// <remarks>Owned by one request.</remarks>
internal sealed class Patience(TimeSpan max, long startedStamp, TimeProvider time)
{
    /// <summary>An account whose silo is known to be dead lives again at the next call.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(250);

    /// <summary>Every waiting request asks in this rhythm until the others have noticed that the silo is dead.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private TimeSpan pause = PauseMin;

    /// <summary>Pauses, each time for longer.</summary>
    /// <returns>False at once when the next pause would end too late.</returns>
    public async Task<bool> TryPauseAsync()
    {
        if (time.GetElapsedTime(startedStamp) + pause > max)
        {
            return false;
        }

        await Task.Delay(pause, time);
        pause = pause * 2 > PauseMax ? PauseMax : pause * 2;
        return true;
    }
}
