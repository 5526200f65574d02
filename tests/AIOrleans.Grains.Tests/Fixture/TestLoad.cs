using AIOrleans.Core.Adaptive;
using AIOrleans.Grains.Adaptive;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>A silo that is as busy as the test says.</summary>
internal sealed class TestLoad : ILoadProbe
{
    private int reads;

    public LoadReading Now { get; set; }

    public int Reads => Volatile.Read(ref reads);

    public LoadReading Read()
    {
        Interlocked.Increment(ref reads);
        return Now;
    }
}
