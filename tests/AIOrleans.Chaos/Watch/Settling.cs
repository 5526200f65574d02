using System.Net;
using AIOrleans.Chaos.Audit;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Watch;

/// <summary>Waits, once traffic has stopped, until no account holds anything.</summary>
internal sealed class Settling(TestCompany company, ManagementClient management, Verdict verdict, int leaseSeconds, TimeProvider time)
{
    private const int TriesMax = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for one lease and <paramref name="margin"/> at most; what is then still held is a phantom.</summary>
    public async Task WaitAsync(GatewayLife gateway, TimeSpan margin)
    {
        DateTimeOffset until = time.GetUtcNow() + TimeSpan.FromSeconds(leaseSeconds) + margin;
        while (true)
        {
            LiveAccount[] busy = [.. (await ReadAllAsync(gateway)).Where(live => !live.IsIdle)];
            if (busy.Length == 0)
            {
                return;
            }

            if (time.GetUtcNow() > until)
            {
                verdict.Add(busy.Select(live => new Finding(
                    Fault.Phantom, $"{live.Account.Id} in gateway {gateway.Number} still has {live.HoldCount} holds and {live.SlotsUsed} slots")));
                return;
            }

            await Task.Delay(Pause, time);
        }
    }

    public async Task<IReadOnlyList<LiveAccount>> ReadAllAsync(GatewayLife gateway)
    {
        var all = new List<LiveAccount>();
        foreach (Account account in company.Accounts)
        {
            all.Add(await ReadAsync(gateway, account));
        }

        return all;
    }

    /// <summary>Asks again where the gateway says that it cannot tell at the moment, as silos that have just found each other do.</summary>
    private async Task<LiveAccount> ReadAsync(GatewayLife gateway, Account account)
    {
        for (int tries = 1; tries < TriesMax; tries++)
        {
            try
            {
                return await management.ReadLiveAsync(gateway, account, CancellationToken.None);
            }
            catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                await Task.Delay(Pause, time);
            }
        }

        return await management.ReadLiveAsync(gateway, account, CancellationToken.None);
    }
}
