using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AIOrleans.Identity.Tokens;

/// <summary>Reads the keys of all issuers from the start on, and again from time to time. A start does not wait for them: keys of the gateway's own work without any issuer.</summary>
internal sealed class KeysPoll(TrustedIssuers issuers, IOptions<JwtOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.KeysRefresh, time);
        try
        {
            do
            {
                await Task.WhenAll(issuers.All.Select(issuer => issuer.Keys.RefreshAsync())).WaitAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
