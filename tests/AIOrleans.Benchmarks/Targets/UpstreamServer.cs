using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using AIOrleans.Benchmarks.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>A provider that speaks OpenAI's chat completions and does what the <see cref="CallMark"/> of a request says, as fast as it can.</summary>
internal static class UpstreamServer
{
    private const string ChunkHead = """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":" """;
    private const string ChunkEnd = "\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n";
    private const string Finish = """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""";

    public static WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.Run(ServeAsync);
        return app;
    }

    private static async Task ServeAsync(HttpContext http)
    {
        CallMark mark = await ReadAsync(http.Request.BodyReader);
        await (mark.Events > 0 ? StreamAsync(http, mark) : AnswerAsync(http, mark));
    }

    private static async Task<CallMark> ReadAsync(PipeReader body)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync();
            if (read.IsCompleted)
            {
                CallMark mark = read.Buffer.IsSingleSegment ? CallMark.Read(read.Buffer.FirstSpan) : CallMark.Read(read.Buffer.Slice(0, Math.Min(4096, read.Buffer.Length)).ToArray());
                body.AdvanceTo(read.Buffer.End);
                return mark;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task AnswerAsync(HttpContext http, CallMark mark)
    {
        string head = $$"""{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"{{mark}} """;
        string end = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            "},"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{CallMark.InputTokens}}},"completion_tokens":{{{CallMark.OutputTokens}}},"total_tokens":{{{CallMark.InputTokens + CallMark.OutputTokens}}}}}
            """);
        int filler = Math.Max(0, mark.AnswerBytes - head.Length - end.Length);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = head.Length + filler + end.Length;
        PipeWriter writer = http.Response.BodyWriter;
        Encoding.ASCII.GetBytes(head, writer);
        while (filler > 0)
        {
            int count = Math.Min(filler, 16384);
            writer.GetSpan(count)[..count].Fill((byte)'y');
            writer.Advance(count);
            filler -= count;
            await writer.FlushAsync();
        }

        Encoding.ASCII.GetBytes(end, writer);
        await writer.FlushAsync();
    }

    /// <summary>Each event has the instant at which it was written, by a clock that all processes of the machine share.</summary>
    private static async Task StreamAsync(HttpContext http, CallMark mark)
    {
        http.Response.ContentType = "text/event-stream";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        PipeWriter writer = http.Response.BodyWriter;
        string prefix = $"{ChunkHead}{mark} ";
        for (int i = 0; i < mark.Events; i++)
        {
            if (mark.GapMs > 0)
            {
                await Task.Delay(mark.GapMs);
            }

            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{prefix}at={Stopwatch.GetTimestamp()}{ChunkEnd}"), writer);
            prefix = ChunkHead;
            await writer.FlushAsync();
        }

        Encoding.ASCII.GetBytes(Finish + "\n\n" + string.Create(
            CultureInfo.InvariantCulture,
            $$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":{{{CallMark.InputTokens}}},"completion_tokens":{{{mark.Events}}},"total_tokens":{{{CallMark.InputTokens + mark.Events}}}}}""")
            + "\n\ndata: [DONE]\n\n", writer);
        await writer.FlushAsync();
    }
}
