namespace AIOrleans.Core.Tests.Limits.Interleaving;

public sealed class InterleavingTests
{
    private const int SeedsPerBatch = 25;
    private const int StepsPerRun = 250;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Books_agree_with_the_model_through_any_interleaving(int batch)
    {
        int granted = 0;
        int denied = 0;
        int extended = 0;
        int notExtended = 0;
        for (int seed = batch * SeedsPerBatch; seed < (batch + 1) * SeedsPerBatch; seed++)
        {
            var run = new Interleaver(seed);
            try
            {
                run.Run(StepsPerRun);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed} breaks a guarantee.", exception);
            }

            granted += run.Granted;
            denied += run.Denied;
            extended += run.Extended;
            notExtended += run.NotExtended;
        }

        // Both ways must be walked often, or the run proves nothing.
        Assert.InRange(granted, SeedsPerBatch * 10, int.MaxValue);
        Assert.InRange(denied, SeedsPerBatch * 10, int.MaxValue);
        Assert.InRange(extended, SeedsPerBatch * 3, int.MaxValue);
        Assert.InRange(notExtended, SeedsPerBatch, int.MaxValue);
    }
}
