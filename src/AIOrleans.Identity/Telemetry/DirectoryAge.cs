namespace AIOrleans.Identity.Telemetry;

/// <summary>When this process last read the configuration. Thread-safe.</summary>
internal sealed class DirectoryAge(TimeProvider time)
{
    private long readStamp = time.GetTimestamp();

    public double Seconds => time.GetElapsedTime(Volatile.Read(ref readStamp)).TotalSeconds;

    /// <summary>It has just been read.</summary>
    public void Note() => Volatile.Write(ref readStamp, time.GetTimestamp());
}
