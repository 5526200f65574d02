using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Core.Tests.Limits.Interleaving;

/// <content>The ways of slices back to their account, and what happens where they have none.</content>
internal sealed partial class SliceCrowd
{
    private void Undo()
    {
        if (slices.Find(slice => slice.Open.Values.Any(ask => !ledger.IsOpen(ask.Id))) is { } fenced)
        {
            fenced.Undo(fenced.Open.Values.First(ask => !ledger.IsOpen(ask.Id)).Id);
        }
    }

    private void ReturnAny()
    {
        if (slices.Count > 0)
        {
            Return(dice.Any(slices));
        }
    }

    private void Return(SliceModel slice)
    {
        slices.Remove(slice);
        returned.Add(slice);
        Tell(slice);
        foreach (HoldAsk ask in slice.Open.Values.Where(ask => ledger.IsOpen(ask.Id)))
        {
            known.Add(ask.Id, ask);
        }
    }

    /// <summary>Its answer was lost.</summary>
    private void ReturnAgain()
    {
        if (returned.Count > 0)
        {
            AccountLive before = book.ViewAt(now);
            Tell(dice.Any(returned));
            Assert.Equivalent(before, book.ViewAt(now), strict: true);
        }
    }

    private void Tell(SliceModel slice)
    {
        if (slice.Epoch == book.Epoch)
        {
            book.TryRetire(slice.Slice.Id, slice.Settled, slice.OpenHolds(), now);
            return;
        }

        slice.Settled.ForEach(call => book.TrySettle(call.Id, call.Usage, call.SettledAt, now));
    }

    /// <summary>A silo dies with a slice; its calls in flight are settled by a keeper.</summary>
    private void Lose()
    {
        if (!isCalm && slices.Count > 0 && dice.Next(6) == 0)
        {
            SliceModel lost = dice.Any(slices);
            slices.Remove(lost);
            foreach (HoldAsk ask in lost.Open.Values.Where(ask => ledger.IsOpen(ask.Id)))
            {
                known.Add(ask.Id, ask);
            }
        }
    }

    private void Reload()
    {
        Reloads++;
        book = Books.Open(limits, ledger.Load(), now: now);
    }
}
