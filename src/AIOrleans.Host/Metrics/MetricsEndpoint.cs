using System.Net;
using System.Net.Sockets;
using System.Text;
using AIOrleans.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AIOrleans.Host.Metrics;

/// <summary><c>GET /metrics</c>: in OpenMetrics where the scraper prefers it, else in Prometheus' text format.</summary>
internal sealed class MetricsEndpoint(MetricStore store, RequestIdentity identity, IOptions<MetricsOptions> options)
{
    /// <summary>Headers of proxies: what came through one did not come from where the connection does.</summary>
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"];

    public async Task RunAsync(HttpContext http)
    {
        if (!await MayReadAsync(http))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Bearer";
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync("Metrics are told to admins: send an admin key as 'Authorization: Bearer …' (Metrics:Access).\n", http.RequestAborted);
            return;
        }

        var text = new PrometheusText(PrefersOpenMetrics(http.Request));
        store.Write(text);
        byte[] body = Encoding.UTF8.GetBytes(text.ToString());
        http.Response.ContentType = text.ContentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private async ValueTask<bool> MayReadAsync(HttpContext http) => options.Value.Access switch
    {
        MetricsAccess.Open => true,
        MetricsAccess.Private when IsNear(http) => true,
        _ => await identity.IdentifyAdminAsync(http) is AdminIdentification.Identified,
    };

    private static bool IsNear(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IsPrivate(address) && !ProxyHeaders.Any(http.Request.Headers.ContainsKey);

    /// <summary>Loopback, and networks that are not routed on the internet.</summary>
    // Source: RFC 1918, RFC 3927, RFC 4193, RFC 4291 §2.5.6.
    internal static bool IsPrivate(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            return true;
        }

        byte[] bytes = plain.GetAddressBytes();
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
            : plain.IsIPv6LinkLocal || (bytes[0] & 0xFE) == 0xFC;
    }

    private static bool PrefersOpenMetrics(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted))
        {
            return false;
        }

        double open = Quality(accepted, "application/openmetrics-text");
        return open > 0 && open >= Quality(accepted, "text/plain");
    }

    private static double Quality(IEnumerable<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(value => value.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(value => value.Quality ?? 1).DefaultIfEmpty(0).Max();
}
