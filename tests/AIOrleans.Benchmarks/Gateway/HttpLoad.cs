using System.Diagnostics;
using System.Net;
using System.Text;

namespace AIOrleans.Benchmarks.Gateway;

/// <summary>Sends the same chat request from many connections, each waiting for its answer before the next.</summary>
internal sealed class HttpLoad(Uri url, string key, string body) : IDisposable
{
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1024 });
    private readonly Uri target = new(url, "/v1/chat/completions");
    private readonly byte[] body = Encoding.UTF8.GetBytes(body);

    /// <summary>Runs for <paramref name="duration"/>.</summary>
    /// <returns>Answers per second, and the median time of one answer in microseconds.</returns>
    /// <exception cref="InvalidOperationException">An answer was not 200: the figure would mean nothing.</exception>
    public async Task<(double PerSecond, double MedianMicros)> RunAsync(int connections, TimeSpan duration)
    {
        long startedAt = Stopwatch.GetTimestamp();
        List<long>[] latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => CallAsync(startedAt, duration)));
        double seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        long[] all = [.. latencies.SelectMany(list => list).Order()];
        return (all.Length / seconds, TimeSpan.FromTicks(all[all.Length / 2]).TotalMicroseconds);
    }

    public void Dispose() => client.Dispose();

    private async Task<List<long>> CallAsync(long startedAt, TimeSpan duration)
    {
        var latencies = new List<long>();
        while (Stopwatch.GetElapsedTime(startedAt) < duration)
        {
            long sentAt = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Authorization = new("Bearer", key);
            using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"{target} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }

            await response.Content.CopyToAsync(Stream.Null);
            latencies.Add(Stopwatch.GetElapsedTime(sentAt).Ticks);
        }

        return latencies;
    }
}
