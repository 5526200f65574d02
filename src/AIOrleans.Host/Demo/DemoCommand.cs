namespace AIOrleans.Host.Demo;

internal static class DemoCommand
{
    public static Task<int> RunAsync() => Task.FromResult(1);
}
