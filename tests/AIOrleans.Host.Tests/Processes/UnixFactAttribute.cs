namespace AIOrleans.Host.Tests.Processes;

/// <summary>A test that sends Unix signals; skipped where there are none.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has no SIGTERM and SIGKILL.";
        }
    }
}

/// <summary>A test that needs to be refused by file rights; skipped for root, whom nothing refuses.</summary>
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Skip = "Root may write everywhere: run the tests as another user on Unix to see this one.";
        }
    }
}
