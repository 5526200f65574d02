using System.Net.Http.Headers;
using System.Net.Http.Json;
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

    /// <summary>Makes a service key of the first team.</summary>
    public async Task<NewKeyJson> MakeKeyAsync(GatewayLife gateway)
    {
        using HttpResponseMessage response = await SendAsync(
            gateway, HttpMethod.Post, "/api/v1/keys", JsonContent.Create(new { tenant = "acme", org = "o0", team = "t0" }), CancellationToken.None);
        return await ReadAsync<NewKeyJson>(response, CancellationToken.None);
    }

    /// <summary>Revokes a key.</summary>
    /// <returns>Silos that have not confirmed it, as the acknowledgement names them; null: all have.</returns>
    public async Task<string?> RevokeAsync(GatewayLife gateway, string key)
    {
        using HttpResponseMessage response = await SendAsync(gateway, HttpMethod.Post, $"/api/v1/keys/{key}/revoke", null, CancellationToken.None);
        return response.Headers.Contains("x-aiorleans-revision")
            ? response.Headers.TryGetValues("x-aiorleans-unconfirmed", out IEnumerable<string>? names) ? names.First() : null
            : throw new HttpRequestException("A revocation was answered without the revision that it is in force from.");
    }

    private async Task<T> GetAsync<T>(GatewayLife gateway, string address, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(gateway, HttpMethod.Get, address, null, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await response.Content.ReadAsStringAsync(cancellationToken), Web)!;

    /// <exception cref="HttpRequestException">The answer is no success; the message has it.</exception>
    private async Task<HttpResponseMessage> SendAsync(GatewayLife gateway, HttpMethod method, string address, HttpContent? content, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AnswerMax);
        using var request = new HttpRequestMessage(method, new Uri(gateway.Url, address)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestCompany.AdminSecret);
        HttpResponseMessage response = await http.SendAsync(request, patience.Token);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            string body = await response.Content.ReadAsStringAsync(patience.Token);
            throw new HttpRequestException($"{method} {address}: {(int)response.StatusCode} {body}", null, response.StatusCode);
        }
    }

    /// <param name="Id">As in addresses: <c>acme.o0.k1</c>.</param>
    internal sealed record NewKeyJson(string Id, string Secret);

    internal sealed record BillJson(bool Verified, long Events, IReadOnlyList<MismatchJson> Mismatches);

    internal sealed record MismatchJson(string Kind, string Subject, string Stored, string Recomputed);

    private sealed record EventsJson(IReadOnlyList<LedgerEventJson> Events, long? NextBefore);
}
