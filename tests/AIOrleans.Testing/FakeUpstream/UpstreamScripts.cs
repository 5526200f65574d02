using Microsoft.AspNetCore.Http;

namespace AIOrleans.Testing;

/// <summary>What a fake upstream can do with a request.</summary>
public static class UpstreamScripts
{
    /// <summary>A JSON body with a status.</summary>
    public static UpstreamScript Json(string body, int status = 200, params (string Name, string Value)[] headers) => async (http, _) =>
    {
        Begin(http, status, "application/json", headers);
        await http.Response.WriteAsync(body);
    };

    /// <summary>Any body with any content type.</summary>
    public static UpstreamScript Body(byte[] body, string contentType, int status = 200, params (string Name, string Value)[] headers) => async (http, _) =>
    {
        Begin(http, status, contentType, headers);
        await http.Response.Body.WriteAsync(body);
    };

    /// <summary>An event stream, sent at once and ended cleanly. Each text is one event's data; say <c>[DONE]</c> yourself, or leave it out to truncate.</summary>
    public static UpstreamScript Sse(params string[] data) => SseWith([], data);

    /// <summary>Likewise, with headers.</summary>
    public static UpstreamScript SseWith((string Name, string Value)[] headers, params string[] data) => async (http, _) =>
    {
        Begin(http, 200, "text/event-stream", headers);
        await http.Response.WriteAsync(string.Concat(data.Select(d => $"data: {d}\n\n")));
    };

    /// <summary>An event stream whose every byte the test sends by hand.</summary>
    public static UpstreamScript Feed(SseFeed feed) => async (http, request) =>
    {
        Begin(http, 200, "text/event-stream", []);
        await http.Response.StartAsync();
        await feed.PlayAsync(http, request.Closed);
    };

    /// <summary>Nothing at all, until the caller gives up.</summary>
    public static UpstreamScript Silence { get; } = (_, request) => request.Closed;

    /// <summary>Headers of an event stream, and then nothing.</summary>
    public static UpstreamScript SilenceAfterHeaders { get; } = async (http, request) =>
    {
        Begin(http, 200, "text/event-stream", []);
        await http.Response.Body.FlushAsync();
        await request.Closed;
    };

    /// <summary>A part of a body, and then nothing.</summary>
    public static UpstreamScript SilenceAfter(string part, string contentType = "text/event-stream") => async (http, request) =>
    {
        Begin(http, 200, contentType, []);
        await http.Response.WriteAsync(part);
        await http.Response.Body.FlushAsync();
        await request.Closed;
    };

    /// <summary>A part of a body, and then a connection reset.</summary>
    public static UpstreamScript ResetAfter(string part, string contentType = "text/event-stream") => async (http, _) =>
    {
        Begin(http, 200, contentType, []);
        await http.Response.WriteAsync(part);
        await http.Response.Body.FlushAsync();
        http.Abort();
    };

    private static void Begin(HttpContext http, int status, string contentType, (string Name, string Value)[] headers)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        foreach ((string name, string value) in headers)
        {
            http.Response.Headers.Append(name, value);
        }
    }
}
