namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>Slices in any order of granting, admitting, settling, returning, losing and loading.</summary>
public sealed class SliceInterleavingTests
{
    private const int SeedsPerBatch = 25;
    private const int Steps = 1_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Slices_overspend_nothing_strand_little_and_lose_nothing(int batch)
    {
        (int admitted, int fenced, int refused, int calm) = (0, 0, 0, 0);
        for (int seed = batch * SeedsPerBatch; seed < (batch + 1) * SeedsPerBatch; seed++)
        {
            var crowd = new SliceCrowd(seed);
            try
            {
                for (int step = 0; step < Steps; step++)
                {
                    crowd.Step();
                    crowd.MustBeWithin();
                }

                crowd.End();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed} breaks a guarantee.", exception);
            }

            admitted += crowd.Admitted;
            fenced += crowd.Fenced;
            refused += crowd.Refused;
            calm += crowd.Reloads == 0 ? 1 : 0;
        }

        // Every way must be walked often, or the run proves nothing.
        Assert.InRange(admitted, SeedsPerBatch * 20, int.MaxValue);
        Assert.InRange(fenced, SeedsPerBatch, int.MaxValue);
        Assert.InRange(refused, SeedsPerBatch, int.MaxValue);
        Assert.Equal(SeedsPerBatch / 5, calm);
    }
}
