using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace AIOrleans.Host.Demo;

/// <summary>Talks to the tour's gateway as any application and any admin would, and keeps its own bill to compare with.</summary>
internal sealed class DemoClient(Uri url, TimeProvider time) : IDisposable
{
    /// <summary>Between two looks at numbers that are about to settle.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>Settling takes milliseconds; beyond this something is wrong, or the machine is.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
    private readonly Lock billLock = new();
    private readonly Dictionary<(string TeamId, string Model), DemoBillRow> bill = [];

    /// <summary>What was answered so far, by team and model.</summary>
    public IReadOnlyDictionary<(string TeamId, string Model), DemoBillRow> Bill => bill;

    /// <summary>One complete answer, or denial.</summary>
    public async Task<DemoAnswer> ChatAsync(DemoCaller caller, string model, string prompt, int tokensMax, CancellationToken cancellationToken)
    {
        long startedStamp = time.GetTimestamp();
        using HttpRequestMessage request = ChatRequest(caller, model, prompt, tokensMax, isStreamed: false);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var answer = new DemoAnswer((int)response.StatusCode, HeadersOf(response), body.RootElement.Clone(), time.GetElapsedTime(startedStamp));
        if (answer.Status == 200)
        {
            Count(caller, model, answer.CostUsd);
        }

        return answer;
    }

    /// <summary>The events of a streamed answer, each as it arrives: words, then the usage.</summary>
    public async IAsyncEnumerable<DemoPiece> StreamAsync(
        DemoCaller caller, string model, string prompt, int tokensMax, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = ChatRequest(caller, model, prompt, tokensMax, isStreamed: true);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line == "data: [DONE]")
            {
                yield return new DemoPiece("", null, IsDone: true);
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && DemoPiece.Read(line["data: ".Length..]) is { } piece)
            {
                if (piece.Usage is { } usage)
                {
                    Count(caller, model, DemoConfig.CostUsd(usage.Input, usage.Output));
                }

                yield return piece;
            }
        }
    }

    /// <summary>The numbers that an account's grain has now.</summary>
    public async Task<DemoLive> LiveAsync(DemoCaller caller, CancellationToken cancellationToken) =>
        new(await AdminGetAsync($"/api/v1/accounts/team/{caller.TeamId}/live", cancellationToken));

    /// <summary>Likewise, once nothing is held any more; the last seen when that does not come.</summary>
    public async Task<DemoLive> SettledAsync(DemoCaller caller, CancellationToken cancellationToken)
    {
        long startedStamp = time.GetTimestamp();
        while (true)
        {
            DemoLive live = await LiveAsync(caller, cancellationToken);
            if (live.Holds == 0 || time.GetElapsedTime(startedStamp) > SettlePatience)
            {
                return live;
            }

            await Task.Delay(LookPeriod, time, cancellationToken);
        }
    }

    /// <summary>The ledger's totals, one row per group.</summary>
    public async Task<IReadOnlyList<JsonElement>> UsageAsync(string groupBy, CancellationToken cancellationToken) =>
        [.. (await AdminGetAsync($"/api/v1/usage?groupBy={groupBy}", cancellationToken)).GetProperty("rows").EnumerateArray()];

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage ChatRequest(DemoCaller caller, string model, string prompt, int tokensMax, bool isStreamed)
    {
        object body = isStreamed
            ? new { model, messages = Messages(prompt), max_tokens = tokensMax, stream = true, stream_options = new { include_usage = true } }
            : new { model, messages = Messages(prompt), max_tokens = tokensMax };
        return new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", caller.Key) },
        };
    }

    private static object[] Messages(string prompt) => [new { role = "user", content = prompt }];

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response) =>
        response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);

    private async Task<JsonElement> AdminGetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", DemoConfig.AdminKey) } };
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return body.RootElement.Clone();
    }

    private void Count(DemoCaller caller, string model, decimal costUsd)
    {
        lock (billLock)
        {
            DemoBillRow row = bill.GetValueOrDefault((caller.TeamId, model)) ?? new DemoBillRow(0, 0);
            bill[(caller.TeamId, model)] = new DemoBillRow(row.Requests + 1, row.CostUsd + costUsd);
        }
    }
}
