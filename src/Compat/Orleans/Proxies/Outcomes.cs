namespace Orleans.Compat.Proxies;

/// <summary>Turns what grain methods return, or throw before they return, into tasks. Called by emitted code.</summary>
internal static class Outcomes
{
    internal static Task Done() => Task.CompletedTask;

    internal static Task AsTask<T>(ValueTask<T> task) => task.AsTask();

    internal static Task AsTaskVoid(ValueTask task) => task.AsTask();

    internal static Task<T> Failed<T>(Exception exception) => Task.FromException<T>(exception);

    internal static Task FailedVoid(Exception exception) => Task.FromException(exception);

    internal static ValueTask<T> FailedValue<T>(Exception exception) => ValueTask.FromException<T>(exception);

    internal static ValueTask FailedValueVoid(Exception exception) => ValueTask.FromException(exception);
}
