using System.Text;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Sends an answer, and breaks it where the fault wants that.</summary>
internal sealed class AnswerPlayer(ServedCall call)
{
    private const string Page = "<html><body>It works!</body></html>";

    /// <summary>A reset discards what the caller has not read yet.</summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromMilliseconds(500);

    private readonly HttpContext http = call.Http;

    private ModelFault Fault => call.Bill?.Fault ?? default;

    /// <summary>Faults that come instead of an answer.</summary>
    /// <returns>True when one came.</returns>
    public async Task<bool> FailFirstAsync()
    {
        switch (Fault.Kind)
        {
            case FaultKind.KeepsSilent:
                await BreakAsync(call.Request.Closed);
                return true;
            case FaultKind.ResetsFirst:
                http.Abort();
                await BreakAsync(Task.CompletedTask);
                return true;
            case FaultKind.Babbles:
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync(Page);
                await BreakAsync(Task.CompletedTask);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Sends a whole body.</summary>
    public async Task SendAsync(string body, string contentType = "application/json")
    {
        http.Response.ContentType = contentType;
        if (!IsCut())
        {
            await Pause();
            Tell();
            http.Response.ContentLength = Encoding.UTF8.GetByteCount(body);
            await WriteAsync(body);
            End();
            return;
        }

        await WriteAsync(body[..(body.Length / 2)]);
        await CutAsync();
    }

    /// <summary>Sends the events of a stream, one write each.</summary>
    /// <param name="frames">As they stand on the wire.</param>
    /// <param name="failure">The event that tells of an error.</param>
    /// <param name="tellsUsage">Which events hold all of the usage.</param>
    public Task StreamAsync(IReadOnlyList<string> frames, string failure, Func<string, bool> tellsUsage, string contentType = "text/event-stream; charset=utf-8") =>
        StreamAsync([.. frames.Select(frame => (Encoding.UTF8.GetBytes(frame), tellsUsage(frame)))], Encoding.UTF8.GetBytes(failure), contentType);

    /// <summary>Sends the events of a stream, one write each.</summary>
    public async Task StreamAsync(IReadOnlyList<(byte[] Frame, bool TellsUsage)> frames, byte[] failure, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.Headers.CacheControl = "no-cache";
        int count = IsCut() || Fault.Kind == FaultKind.Overloads ? Math.Max(1, frames.Count / 2) : frames.Count;
        foreach ((byte[] frame, bool tellsUsage) in frames.Take(count))
        {
            await Pause();
            if (tellsUsage)
            {
                Tell();
            }

            await WriteAsync(frame);
        }

        if (Fault.Kind == FaultKind.Overloads)
        {
            await WriteAsync(failure);
            await BreakAsync(Task.CompletedTask);
        }
        else if (IsCut())
        {
            await CutAsync();
        }
        else
        {
            End();
        }
    }

    private bool IsCut() => Fault.Kind is FaultKind.Stalls or FaultKind.Resets or FaultKind.Truncates;

    private async Task CutAsync()
    {
        if (Fault.Kind == FaultKind.Resets)
        {
            await Task.Delay(ReadingTime, http.RequestAborted);
            http.Abort();
        }

        await BreakAsync(Fault.Kind == FaultKind.Stalls ? call.Request.Closed : Task.CompletedTask);
    }

    private async Task BreakAsync(Task when)
    {
        await when;
        if (call.Bill is { } bill && !when.Equals(call.Request.Closed))
        {
            bill.End = CallEnd.Broken;
        }
    }

    private Task Pause() => Fault.Kind == FaultKind.Crawls ? Task.Delay(call.Memory.Pace, http.RequestAborted) : Task.CompletedTask;

    private Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    private async Task WriteAsync(byte[] bytes)
    {
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private void Tell()
    {
        if (call.Bill is { } bill && Fault.Kind != FaultKind.HidesUsage)
        {
            bill.UsageTold = true;
        }
    }

    private void End()
    {
        if (call.Bill is { } bill)
        {
            bill.End = CallEnd.Whole;
        }
    }
}
