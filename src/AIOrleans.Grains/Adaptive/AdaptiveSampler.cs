using AIOrleans.Contracts.Adaptive;
using AIOrleans.Core.Adaptive;
using AIOrleans.Core.Directory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Grains.Adaptive;

/// <summary>Measures the load of this silo and lets the adaptive rates follow it. While no limit is adaptive it does nothing.</summary>
internal sealed class AdaptiveSampler(
    ILoadProbe probe, RateMultiplier multiplier, IDirectory directory, IGrainFactory grains, ILocalSiloDetails silo, IOptions<AdaptiveOptions> options,
    TimeProvider time, ILogger<AdaptiveSampler> logger)
    : BackgroundService
{
    private readonly LoadReading targets = options.Value.Targets;
    private readonly TimeSpan samplePeriod = TimeSpan.FromSeconds(options.Value.SampleSeconds);
    private readonly TimeSpan stepPeriod = TimeSpan.FromSeconds(options.Value.StepSeconds);

    /// <summary>Null while no limit is adaptive.</summary>
    private AdaptiveControl? control;
    private DateTimeOffset steppedAt;
    private DirectorySnapshot? seen;

    /// <summary>Measures once, and takes a step when one is due.</summary>
    public async Task SampleAsync()
    {
        if (!IsWanted())
        {
            return;
        }

        DateTimeOffset now = time.GetUtcNow();
        LoadReading sample = probe.Read();
        if (control is null)
        {
            // What was measured before anybody wanted it says nothing about now.
            control = new AdaptiveControl(targets);
            steppedAt = now;
            return;
        }

        control.Observe(sample);
        AdaptiveStep? step = now - steppedAt >= stepPeriod ? control.Step(now) : null;
        if (step is not null)
        {
            steppedAt = now;
            Apply(step);
        }

        await TellAsync(new SiloLoad
        {
            Silo = silo.Name,
            At = now,
            Sample = sample,
            Targets = targets,
            MultiplierPerMille = control.MultiplierPerMille,
            Step = step,
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(samplePeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await SampleAsync();
        }
    }

    /// <summary>Whether any limit is adaptive; looks at the whole directory only when it has changed.</summary>
    private bool IsWanted()
    {
        DirectorySnapshot current = directory.Current;
        if (!ReferenceEquals(current, seen))
        {
            seen = current;
            if (!current.HasAdaptiveLimits())
            {
                control = null;
                multiplier.PerMille = AdaptiveControl.UnscaledPerMille;
                return false;
            }

            return true;
        }

        return control is not null;
    }

    private void Apply(AdaptiveStep step)
    {
        multiplier.PerMille = step.ToPerMille;
        if (step.IsChange)
        {
            AdaptiveLog.Changed(logger, step.ToPerMille / 1000m, step.FromPerMille / 1000m, step.FactorPerMille / 1000m, step.Cause.ToString());
        }
    }

    private async Task TellAsync(SiloLoad load)
    {
        try
        {
            await grains.GetGrain<IAdaptiveGrain>(0).ReportAsync(load);
        }
        catch (Exception exception)
        {
            // It is only shown there: whatever it is must not end what keeps the rates of this silo right.
            AdaptiveLog.NotTold(logger, exception);
        }
    }
}
