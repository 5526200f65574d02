using System.Net.Http.Headers;
using System.Text.Json;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Audit;

/// <summary>Asks a gateway's management API, as an operator would.</summary>
internal sealed class ManagementClient(HttpMessageInvoker http)
{
    private const int PageMax = 1000;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Longer than a silo waits for an answer of another one that was lost: then it says 503.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(45);

    public async Task<LiveAccount> ReadLiveAsync(GatewayLife gateway, Account account, CancellationToken cancellationToken) =>
        LiveAccount.Of(account, await GetAsync<LiveAccountJson>(gateway, $"/api/v1/accounts/{account.AddressPath}/live", cancellationToken));

    /// <summary>The whole ledger, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerEvent>> ReadEventsAsync(GatewayLife gateway)
    {
        var events = new List<LedgerEvent>();
        long? before = null;
        do
        {
            string address = $"/api/v1/usage/events?limit={PageMax}{(before is null ? "" : $"&before={before}")}";
            EventsJson page = await GetAsync<EventsJson>(gateway, address, CancellationToken.None);
            events.AddRange(page.Events.Select(LedgerEvent.Of));
            before = page.NextBefore;
        }
        while (before is not null);
        events.Reverse();
        return events;
    }

    /// <summary>What the gateway finds when it recomputes its own bill.</summary>
    public Task<BillJson> VerifyAsync(GatewayLife gateway) => GetAsync<BillJson>(gateway, "/api/v1/usage/verify", CancellationToken.None);

    private async Task<T> GetAsync<T>(GatewayLife gateway, string address, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AnswerMax);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, address));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestCompany.AdminSecret);
        using HttpResponseMessage response = await http.SendAsync(request, patience.Token);
        string body = await response.Content.ReadAsStringAsync(patience.Token);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<T>(body, Web)!
            : throw new HttpRequestException($"GET {address}: {(int)response.StatusCode} {body}", null, response.StatusCode);
    }

    internal sealed record BillJson(bool Verified, long Events, IReadOnlyList<MismatchJson> Mismatches);

    internal sealed record MismatchJson(string Kind, string Subject, string Stored, string Recomputed);

    private sealed record EventsJson(IReadOnlyList<LedgerEventJson> Events, long? NextBefore);
}
