using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Leases;

/// <summary>One slice on this silo: what is left of it, and what was admitted from it.</summary>
/// <remarks>
/// Invariant: what is left, what its open calls hold and what its settled calls used are together what was granted. A call that used less than it held
/// leaves the difference to the next. Not thread-safe; <see cref="AccountSlices"/> is its lock.
/// </remarks>
internal sealed class LocalSlice
{
    /// <summary>Part of a slice at which the next one is asked for.</summary>
    private const int LowShare = 4;

    private readonly SliceGrant grant;
    private readonly DirectorySnapshot directory;
    private readonly Dictionary<HoldId, SliceCall> open = [];
    private readonly List<SettledHold> settled = [];
    private int requestsLeft;
    private int slotsLeft;
    private HoldSizes left;
    private bool isClosed;
    private bool isScouted;

    /// <param name="endsAtStamp">When it admits no more, by the silo's monotonic clock.</param>
    /// <param name="directory">The limits that it was granted by.</param>
    public LocalSlice(SliceGrant grant, AccountAnswer answer, long endsAtStamp, DirectorySnapshot directory)
    {
        this.grant = grant;
        this.directory = directory;
        requestsLeft = grant.Requests;
        slotsLeft = grant.Slots;
        left = grant.Sizes;
        EndsAtStamp = endsAtStamp;
        Answer = new AccountAnswer { Epoch = answer.Epoch, Headroom = grant.Headroom, Buckets = answer.Buckets };
    }

    /// <summary>What every call is answered that it admits: its fence and its bucket levels.</summary>
    public AccountAnswer Answer { get; }

    public long EndsAtStamp { get; }

    public long Recalls => grant.Recalls;

    public int Requests => grant.Requests;

    public string Operation => grant.Operation;

    /// <summary>Its way back; null while it has not begun.</summary>
    public TaskCompletionSource<BucketLevels?>? Returning { get; set; }

    /// <summary>More was used than was granted: the account must know at once.</summary>
    public bool IsOverrun => requestsLeft < 0 || left.Worst.Tokens < 0 || left.Worst.Cost.Value < 0 || left.Expected.Tokens < 0 || left.Expected.Cost.Value < 0;

    /// <summary>Nothing more can come of it.</summary>
    public bool IsSpent => open.Count == 0 && (requestsLeft <= 0 || isClosed || settled.Count >= 4 * grant.Requests);

    public bool IsLow => requestsLeft * LowShare <= grant.Requests
        || left.Worst.Tokens <= grant.Sizes.Worst.Tokens / LowShare || left.Worst.Cost.Value < grant.Sizes.Worst.Cost.Value / LowShare;

    /// <summary>True once, when it is low: the call that finds out asks the account, and brings the next slice.</summary>
    public bool TryScout()
    {
        bool isFirst = !isScouted && IsLow;
        isScouted |= isFirst;
        return isFirst;
    }

    public void Close() => isClosed = true;

    public bool Contains(HoldId id) => open.ContainsKey(id);

    /// <summary>True when it admits calls of <paramref name="operation"/>, if they fit.</summary>
    public bool Admits(string operation, long nowStamp, DirectorySnapshot newest)
    {
        // Other limits may be stricter: the account decides by them.
        isClosed |= nowStamp >= EndsAtStamp || !ReferenceEquals(newest, directory);
        return !isClosed && Returning is null && operation == grant.Operation;
    }

    public bool TryAdmit(in HoldAsk ask)
    {
        if (requestsLeft < 1 || slotsLeft < 1 || settled.Count >= 4 * grant.Requests || !Fits(ask.Worst, left.Worst) || !Fits(ask.Expected, left.Expected))
        {
            return false;
        }

        open.Add(ask.Id, new SliceCall(ask.Id, new HoldSizes(ask.Worst, ask.Expected), ask.LeaseUntil));
        Move(-1, -1, ask.Worst, ask.Expected, -1);
        return true;
    }

    public void Prolong(HoldId id, DateTimeOffset leaseUntil)
    {
        SliceCall call = open[id];
        open[id] = call with { LeaseUntil = call.LeaseUntil > leaseUntil ? call.LeaseUntil : leaseUntil };
    }

    /// <summary>Makes a call never to have been admitted.</summary>
    public void Undo(HoldId id)
    {
        if (open.Remove(id, out SliceCall call))
        {
            Move(1, 1, call.Sizes.Worst, call.Sizes.Expected, 1);
        }
    }

    /// <summary>Takes note of a settlement that is in the ledger.</summary>
    public void Note(SettledHold call)
    {
        Undo(call.Id);
        if (!call.IsGivenBack)
        {
            Move(-Math.Max(1, call.Usage.Requests), 0, call.Usage.Used, call.Usage.Used, -1);
        }

        settled.Add(call);
    }

    public RetireAsk ToAsk() => new()
    {
        Id = grant.Id, Epoch = Answer.Epoch, Operation = grant.Operation, Settled = [.. settled], Open = [.. open.Values],
    };

    private static bool Fits(in HoldSize asked, in HoldSize room) => asked.Tokens <= room.Tokens && asked.Cost <= room.Cost;

    private void Move(int requests, int slots, in HoldSize worst, in HoldSize expected, int sign)
    {
        requestsLeft += requests;
        slotsLeft += slots;
        left = new HoldSizes(Moved(left.Worst, worst, sign), Moved(left.Expected, expected, sign));
    }

    private static HoldSize Moved(in HoldSize size, in HoldSize by, int sign) =>
        new(size.Tokens + (sign * by.Tokens), new(size.Cost.Value + (sign * by.Cost.Value)));
}
