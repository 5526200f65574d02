using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Testing;

/// <summary>An event stream in the hands of a test: what it sends is on the socket when the call returns, and nothing else is.</summary>
public sealed class SseFeed
{
    private readonly Channel<(Func<HttpContext, Task<bool>> Step, TaskCompletionSource Done)> steps =
        Channel.CreateUnbounded<(Func<HttpContext, Task<bool>> Step, TaskCompletionSource Done)>();

    /// <summary>Sends one event.</summary>
    public Task SendAsync(string data) => SendRawAsync($"data: {data}\n\n");

    /// <summary>Sends bytes as they are.</summary>
    public Task SendRawAsync(string text) => StepAsync(async http =>
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await http.Response.Body.FlushAsync();
        return true;
    });

    /// <summary>Ends the answer cleanly, whatever was sent.</summary>
    public Task EndAsync() => StepAsync(_ => Task.FromResult(false));

    /// <summary>Resets the connection.</summary>
    public Task ResetAsync() => StepAsync(http =>
    {
        http.Abort();
        return Task.FromResult(false);
    });

    internal async Task PlayAsync(HttpContext http, Task closed)
    {
        while (await Task.WhenAny(steps.Reader.WaitToReadAsync().AsTask(), closed) != closed && steps.Reader.TryRead(out var next))
        {
            bool goesOn = await next.Step(http);
            next.Done.SetResult();
            if (!goesOn)
            {
                return;
            }
        }
    }

    private Task StepAsync(Func<HttpContext, Task<bool>> step)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        steps.Writer.TryWrite((step, done));
        return done.Task;
    }
}
