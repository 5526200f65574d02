using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <summary>A slice on a silo, in the fewest words: it admits while the sum of what it admitted stays within it.</summary>
internal sealed class SliceModel(Slice slice, long epoch, BucketLevels? levels)
{
    public Slice Slice => slice;

    public long Epoch => epoch;

    public BucketLevels? Levels => levels;

    public Dictionary<HoldId, HoldAsk> Open { get; } = [];

    public List<SettledCall> Settled { get; } = [];

    public bool TryAdmit(HoldAsk ask)
    {
        bool fits = ask.Operation == slice.Operation
            && Open.Count < slice.Slots && Open.Count + Settled.Count < slice.Requests
            && IsWithin(slice.Sizes.Worst, [.. Open.Values.Select(call => call.Worst), .. Settled.Select(call => call.Usage.Used), ask.Worst])
            && IsWithin(slice.Sizes.Expected, [.. Open.Values.Select(call => call.Expected), .. Settled.Select(call => call.Usage.Used), ask.Expected]);
        if (fits)
        {
            Open.Add(ask.Id, ask);
        }

        return fits;
    }

    public void Undo(HoldId id) => Open.Remove(id);

    public void Note(SettledCall call)
    {
        Open.Remove(call.Id);
        Settled.Add(call);
    }

    public List<OpenHold> OpenHolds() =>
        [.. Open.Values.Select(ask => new OpenHold(ask.Id, ask.Operation, ask.Worst, ask.Expected, ask.LeaseUntil))];

    private static bool IsWithin(HoldSize all, HoldSize[] parts) =>
        parts.Sum(part => part.Tokens) <= all.Tokens && parts.Sum(part => part.Cost.Value) <= all.Cost.Value;
}
