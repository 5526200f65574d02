using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Limits;
using Orleans;
using Orleans.Runtime;

namespace AIOrleans.Gateway.Holds;

/// <summary>This process's request worker. It is always local, but a silo that has none at the moment looks for it in the grain directory, and a part of that may have been on a silo that just died.</summary>
/// <remarks>Thread-safe. A rejected call has not run, so that asking again is safe.</remarks>
internal sealed class RequestWorker(IGrainFactory grains, TimeProvider time)
{
    /// <summary>Together with the pauses longer than a dead silo needs to be noticed.</summary>
    private const int TriesMax = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // A reference stays good for ever, and making one costs some percent of a hold.
    private IRequestGrain? known;

    private IRequestGrain Grain => known ??= grains.GetGrain<IRequestGrain>(0);

    /// <inheritdoc cref="IRequestGrain.HoldAsync"/>
    public async Task<HoldReply> HoldAsync(HoldCommand command)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await Grain.HoldAsync(command);
            }
            catch (OrleansMessageRejectionException) when (tries == TriesMax)
            {
                return new HoldReply { Unreachable = command.Path[0], Headroom = Headroom.Unlimited };
            }
            catch (OrleansMessageRejectionException)
            {
                await Task.Delay(Pause, time);
            }
        }
    }

    /// <inheritdoc cref="IRequestGrain.RenewAsync"/>
    public Task<DateTimeOffset> RenewAsync(RenewCommand command) => Grain.RenewAsync(command);

    /// <inheritdoc cref="IRequestGrain.SettleAsync"/>
    public async Task SettleAsync(SettleCommand command)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await Grain.SettleAsync(command);
                return;
            }
            catch (OrleansMessageRejectionException) when (tries < TriesMax)
            {
                await Task.Delay(Pause, time);
            }
        }
    }
}
