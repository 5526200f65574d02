using Orleans.Runtime;

namespace Orleans.Compat.Calls;

/// <summary>The execution contexts that grain code runs in: empty but for the request's values.</summary>
internal static class CallContext
{
    /// <summary>The context without any ambient value.</summary>
    internal static readonly ExecutionContext Empty = CaptureEmpty();

    /// <summary>What the callee of a call made here and now runs in.</summary>
    internal static ExecutionContext ForCallee()
    {
        ExecutionContext? here = ExecutionContext.Capture();
        return here == Empty ? Empty : RequestContext.Ambient?.Alone ?? Empty;
    }

    /// <summary>Makes the context current; does nothing when it already is.</summary>
    internal static void Enter(ExecutionContext context)
    {
        if (ExecutionContext.Capture() != context)
        {
            ExecutionContext.Restore(context);
        }
    }

    internal static ExecutionContext With(RequestValues values)
    {
        ExecutionContext? before = ExecutionContext.Capture();
        ExecutionContext.Restore(Empty);
        RequestContext.Ambient = values;
        ExecutionContext made = ExecutionContext.Capture() ?? Empty;
        ExecutionContext.Restore(before ?? Empty);
        return made;
    }

    // The thread that first gets here may carry values, and only a fresh thread is sure not to.
    private static ExecutionContext CaptureEmpty()
    {
        ExecutionContext? captured = null;
        Thread thread = new(() => captured = ExecutionContext.Capture()) { IsBackground = true };
        thread.UnsafeStart();
        thread.Join();
        return captured ?? throw new InvalidOperationException("A fresh thread has no execution context.");
    }
}
