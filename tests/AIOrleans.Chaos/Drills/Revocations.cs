using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Drills;

/// <summary>Revokes keys on one silo and calls with them on the others: how long acknowledgements take, and whether they are true.</summary>
internal sealed class Revocations(ManagementClient management, HttpMessageInvoker http, Verdict verdict, TextWriter output, TimeProvider time)
{
    private const int Count = 200;

    /// <summary>Calls with each key that are sent at once when its revocation is acknowledged.</summary>
    private const int TriesEach = 50;

    /// <summary>Whoever still lets a key in so long after the acknowledgement is waited for no more.</summary>
    private static readonly TimeSpan LetInMax = TimeSpan.FromSeconds(1);

    /// <summary>Between two calls of a caller that watches: what is measured should not be the watching.</summary>
    private static readonly TimeSpan WatchPause = TimeSpan.FromMilliseconds(5);

    private readonly List<TimeSpan> acknowledged = [];
    private readonly List<TimeSpan> refused = [];
    private int unconfirmed;
    private int letIn;

    /// <summary>Revokes keys on each of <paramref name="silos"/> in turn, and prints a line.</summary>
    public async Task MakeAsync(IReadOnlyList<GatewayLife> silos)
    {
        for (int i = 0; i < Count; i++)
        {
            GatewayLife asked = silos[i % silos.Count];
            await MakeOneAsync(asked, [.. silos.Where(silo => silo != asked)]);
        }

        output.WriteLine(
            $"  silos={silos.Count} revocations={Count} acknowledged_ms_p50={PercentileOf(acknowledged, 50)} acknowledged_ms_p99={PercentileOf(acknowledged, 99)} "
            + $"acknowledged_ms_max={PercentileOf(acknowledged, 100)} unconfirmed={unconfirmed} tries_after={Count * TriesEach} let_in_after={letIn} "
            + $"refused_elsewhere_ms_p50={PercentileOf(refused, 50)} refused_elsewhere_ms_p99={PercentileOf(refused, 99)}");
    }

    private async Task MakeOneAsync(GatewayLife asked, IReadOnlyList<GatewayLife> others)
    {
        ManagementClient.NewKeyJson key = await management.MakeKeyAsync(asked);
        foreach (GatewayLife other in others)
        {
            Expect(HttpStatusCode.OK, await CallAsync(other, key.Secret, HttpMethod.Get, "/v1/models"), $"{key.Id} after it was made");
        }

        using var over = new CancellationTokenSource();
        Task<Sight>[] watching = [.. others.Select(other => WatchAsync(other, key.Secret, over.Token))];
        long askedStamp = time.GetTimestamp();
        unconfirmed += await management.RevokeAsync(asked, key.Id) is null ? 0 : 1;
        long acknowledgedStamp = time.GetTimestamp();
        acknowledged.Add(time.GetElapsedTime(askedStamp, acknowledgedStamp));
        over.CancelAfter(LetInMax);
        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, TriesEach).Select(i =>
            CallAsync(others[i % others.Count], key.Secret, HttpMethod.Post, "/v1/chat/completions")));
        foreach (HttpStatusCode answer in answers)
        {
            Expect(HttpStatusCode.Unauthorized, answer, $"{key.Id} after its revocation was acknowledged");
        }

        foreach (Sight sight in await Task.WhenAll(watching))
        {
            refused.Add(time.GetElapsedTime(askedStamp, sight.RefusedStamp));
            Expect(HttpStatusCode.Unauthorized, sight.LetInStamp > acknowledgedStamp ? HttpStatusCode.OK : sight.Status, $"{key.Id} by a silo that had let it in before");
        }
    }

    /// <summary>Calls again and again, until it is refused.</summary>
    private async Task<Sight> WatchAsync(GatewayLife silo, string secret, CancellationToken over)
    {
        long letInStamp = 0;
        while (true)
        {
            long sentStamp = time.GetTimestamp();
            HttpStatusCode status = await CallAsync(silo, secret, HttpMethod.Get, "/v1/models");
            if (status != HttpStatusCode.OK || over.IsCancellationRequested)
            {
                return new Sight(letInStamp, time.GetTimestamp(), status);
            }

            letInStamp = sentStamp;
            await Task.Delay(WatchPause, time);
        }
    }

    private async Task<HttpStatusCode> CallAsync(GatewayLife silo, string secret, HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, new Uri(silo.Url, address));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (method == HttpMethod.Post)
        {
            request.Content = JsonContent.Create(new
            {
                model = ChatModel.All[0].Name,
                messages = new[] { new { role = "user", content = "[[revoked]]" } },
                max_tokens = 4,
            });
        }

        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }

    private void Expect(HttpStatusCode expected, HttpStatusCode status, string what)
    {
        if (status != expected)
        {
            letIn += status == HttpStatusCode.OK ? 1 : 0;
            verdict.Add(Fault.LetIn, $"{what} was answered {(int)status}, not {(int)expected}");
        }
    }

    private static string PercentileOf(List<TimeSpan> times, int percent)
    {
        TimeSpan[] sorted = [.. times.Order()];
        return sorted[((sorted.Length * percent) + 99) / 100 - 1].TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>What a watching caller saw of one silo.</summary>
    /// <param name="LetInStamp">When its last call was sent that was let in; 0: none was.</param>
    /// <param name="Status">Of the call that ended the watch.</param>
    private readonly record struct Sight(long LetInStamp, long RefusedStamp, HttpStatusCode Status);
}
