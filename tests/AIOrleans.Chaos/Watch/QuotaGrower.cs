using AIOrleans.Chaos.Company;

namespace AIOrleans.Chaos.Watch;

/// <summary>Raises the quotas in the configuration file as the run goes on, under load: they are nearly spent all the time.</summary>
internal sealed class QuotaGrower(TestCompany company, Uri provider, string configPath, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly long startedStamp = time.GetTimestamp();
    private long writtenSeconds;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Period, time, stop);
                Write((long)time.GetElapsedTime(startedStamp).TotalSeconds);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>The largest amount that any gateway can have read by now: they look at the file at different times.</summary>
    public long NewestAmount(Account account, string quota) => account.Quotas.First(q => q.Name == quota).AmountAt(Volatile.Read(ref writtenSeconds));

    /// <summary>Replaces the file whole: a gateway that starts just then must not find half of it.</summary>
    public void Write(long elapsedSeconds)
    {
        string next = configPath + ".next";
        Volatile.Write(ref writtenSeconds, elapsedSeconds);
        File.WriteAllText(next, ConfigText.Of(company, provider, elapsedSeconds));
        File.Move(next, configPath, overwrite: true);
    }
}
