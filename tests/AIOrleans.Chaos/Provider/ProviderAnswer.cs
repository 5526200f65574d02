using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Chaos.Provider;

/// <summary>Writes one answer, with its fault, and keeps its line of the invoice.</summary>
internal sealed class ProviderAnswer(HttpContext http, AnswerPlan plan, InvoiceLine line, ToldUsage usage, Invoice invoice, TimeProvider time)
{
    /// <summary>Longer than any timeout of the gateway: it hangs up first.</summary>
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(15);

    private DateTimeOffset lastAt = line.ReceivedAt;

    public async Task WriteAsync(bool streamed)
    {
        await Task.Delay(plan.FirstByteAfter, time, http.RequestAborted);
        switch (plan.Fault)
        {
            case ProviderFault.ServerError:
            case ProviderFault.TooManyRequests:
                await RefuseAsync(plan.Fault == ProviderFault.ServerError ? 500 : 429);
                return;
            case ProviderFault.ResetBeforeFirstByte:
                Reset();
                return;
            case ProviderFault.StallBeforeFirstByte:
                await StallAsync();
                return;
            case var _ when streamed:
                await StreamAsync();
                return;
            default:
                await AnswerAsync();
                return;
        }
    }

    private async Task RefuseAsync(int status)
    {
        http.Response.StatusCode = status;
        await SendAsync("""{"error":{"message":"Not now.","type":"server_error","param":null,"code":null}}""", "application/json");
        line.End = LineEnd.Refused;
    }

    private async Task AnswerAsync()
    {
        if (plan.Fault == ProviderFault.OutlivesLease)
        {
            // Nothing can be sent piece by piece here, so it may last only as long as the first byte may.
            await Task.Delay(Timeouts.FirstByte / 3, time, http.RequestAborted);
        }

        string text = $$"""
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"{{line.Model}}","choices":[{"index":0,"message":{"role":"assistant","content":"{{Words(plan.Chunks)}}"},"finish_reason":"stop"}]
            """;
        if (plan.Fault is ProviderFault.ResetAfterFirstByte or ProviderFault.StallAfterFirstByte or ProviderFault.Truncated or ProviderFault.TruncatedAfterUsage)
        {
            await SendAsync(text[..(text.Length / 2)], "application/json");
            await BreakAsync();
            return;
        }

        if (plan.Fault == ProviderFault.NoUsage)
        {
            await SendAsync(text + "}", "application/json");
        }
        else
        {
            invoice.Tell(line, usage);
            await SendAsync($"{text},\"usage\":{UsageText()}}}", "application/json");
        }

        line.End = LineEnd.Whole;
    }

    private async Task StreamAsync()
    {
        for (int i = 0; i < plan.Chunks; i++)
        {
            await Task.Delay(plan.Gap, time, http.RequestAborted);
            await SendChunkAsync($$"""[{"index":0,"delta":{"content":"{{Words(1)}}"},"finish_reason":null}]""", "null");
            if (i == plan.Chunks / 2 && plan.Fault is ProviderFault.ResetAfterFirstByte or ProviderFault.StallAfterFirstByte or ProviderFault.Truncated)
            {
                await BreakAsync();
                return;
            }
        }

        await SendChunkAsync("""[{"index":0,"delta":{},"finish_reason":"stop"}]""", "null");
        if (plan.Fault != ProviderFault.NoUsage)
        {
            invoice.Tell(line, usage);
            await SendChunkAsync("[]", UsageText());
        }

        if (plan.Fault == ProviderFault.TruncatedAfterUsage)
        {
            line.End = LineEnd.Broken;
            return;
        }

        await SendAsync("data: [DONE]\n\n", "text/event-stream");
        line.End = LineEnd.Whole;
    }

    private async Task BreakAsync()
    {
        line.End = LineEnd.Broken;
        switch (plan.Fault)
        {
            case ProviderFault.ResetAfterFirstByte:
                Reset();
                break;
            case ProviderFault.StallAfterFirstByte:
                await StallAsync();
                break;
        }
    }

    private void Reset()
    {
        line.End = LineEnd.Broken;
        http.Abort();
    }

    private async Task StallAsync()
    {
        line.End = LineEnd.Broken;
        await Task.Delay(StallMax, time, http.RequestAborted);
    }

    private Task SendChunkAsync(string choices, string usageText) => SendAsync(
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"{{line.Model}}","choices":{{choices}},"usage":{{usageText}}}""" + "\n\n",
        "text/event-stream");

    private async Task SendAsync(string text, string contentType)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = contentType;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (line.FirstByteAt is null)
        {
            line.FirstByteAt = now;
        }
        else if (now - lastAt > line.LongestGap)
        {
            line.LongestGap = now - lastAt;
        }

        lastAt = now;
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private string UsageText() => JsonSerializer.Serialize(new
    {
        prompt_tokens = usage.Prompt,
        completion_tokens = usage.Completion,
        total_tokens = usage.Total,
        prompt_tokens_details = new { cached_tokens = usage.Cached },
        completion_tokens_details = new { reasoning_tokens = usage.Reasoning },
    });

    private static string Words(int count) => string.Concat(Enumerable.Repeat("chaos ", count));
}
