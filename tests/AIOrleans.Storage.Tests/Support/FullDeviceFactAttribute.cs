namespace AIOrleans.Storage.Tests.Support;

/// <summary>A test that needs a file which can be read and has no space left; skipped where there is no such device.</summary>
internal sealed class FullDeviceFactAttribute : FactAttribute
{
    public const string Path = "/dev/full";

    public FullDeviceFactAttribute()
    {
        if (!File.Exists(Path))
        {
            Skip = $"This machine has no {Path}.";
        }
    }
}
