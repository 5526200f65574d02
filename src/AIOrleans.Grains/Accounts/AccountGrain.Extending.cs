using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Accounts;

/// <content>Holds that grow while their call is in flight. They pass the line by: who waits there waits for a call, not for this one.</content>
internal sealed partial class AccountGrain
{
    public async Task<ExtendAnswer> ExtendAsync(ExtendAsk ask)
    {
        AccountBook current = await source.ReadyAsync();
        ExtendDecision decision = current.TryExtend(ask.Id, ask.Total, ask.Reason, time.GetUtcNow());
        if (decision is ExtendDecision.Denied && current.HasSlices)
        {
            current = await RecallAsync(current);
            decision = current.TryExtend(ask.Id, ask.Total, ask.Reason, time.GetUtcNow());
        }

        switch (decision)
        {
            case ExtendDecision.Extended extended:
                unwritten?.Resize(ask.Id, extended.Before.Or(ask.Total));
                return new ExtendAnswer { Epoch = current.Epoch, Before = extended.Before, Buckets = extended.Buckets };

            case ExtendDecision.Denied denied:
                return new ExtendAnswer { Epoch = current.Epoch, Denied = denied.Facts };

            default:
                return new ExtendAnswer { Epoch = current.Epoch };
        }
    }

    public Task ShrinkAsync(ShrinkAsk ask)
    {
        // Without a book, or after it was loaded anew, there is nothing to take back: the ledger has never seen this size.
        if (source.Book?.TryShrink(ask.Id, ask.From, ask.To, time.GetUtcNow()) == true)
        {
            unwritten?.Resize(ask.Id, ask.To);
            line.Ring();
        }

        return Task.CompletedTask;
    }
}
