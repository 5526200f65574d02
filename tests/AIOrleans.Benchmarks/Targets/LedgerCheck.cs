using System.Net.Http.Headers;
using System.Text.Json;
using AIOrleans.Benchmarks.Load;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>Compares what a gateway's ledger has with what the generator got: a fast answer that is charged to nobody is no answer.</summary>
internal sealed class LedgerCheck(Uri gateway)
{
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(20);

    private long calls;
    private long inputTokens;
    private long outputTokens;

    /// <summary>Calls that were compared so far.</summary>
    public long Calls => calls;

    public void Add(LoadResult result)
    {
        calls += result.Calls;
        inputTokens += result.InputTokens;
        outputTokens += result.OutputTokens;
    }

    /// <summary>Waits until everything is settled.</summary>
    /// <exception cref="InvalidOperationException">The ledger has other calls or tokens than the generator.</exception>
    public async Task AssertAsync()
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Company.AdminSecret);
        string found = "";
        string wanted = $"{calls} calls, {inputTokens} tokens in, {outputTokens} out";
        for (long startedAt = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(startedAt) < SettledWithin; await Task.Delay(200))
        {
            using JsonDocument totals = JsonDocument.Parse(await http.GetStringAsync("/api/v1/usage"));
            JsonElement[] rows = [.. totals.RootElement.GetProperty("rows").EnumerateArray()];
            found = $"{rows.Sum(row => row.GetProperty("requests").GetInt64())} calls, {TokensOf(rows, "totalInput")} tokens in, {TokensOf(rows, "totalOutput")} out";
            if (found == wanted)
            {
                return;
            }
        }

        throw new InvalidOperationException($"The ledger has {found}; the generator got {wanted}.");
    }

    private static long TokensOf(JsonElement[] rows, string name) => rows.Sum(row => row.GetProperty("tokens").GetProperty(name).GetInt64());
}
