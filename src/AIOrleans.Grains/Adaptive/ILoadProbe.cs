using AIOrleans.Core.Adaptive;

namespace AIOrleans.Grains.Adaptive;

/// <summary>Measures how busy this process is.</summary>
internal interface ILoadProbe
{
    /// <summary>The load now; processor time since the last read. For one reader.</summary>
    LoadReading Read();
}
