using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Storage.Ledger;

namespace AIOrleans.Storage.Journal;

/// <summary>The JSON of one journal line: a hold, or the events of one call. Instants are microseconds since 1970 UTC, money is nano-dollars.</summary>
internal sealed record JournalBody
{
    public HoldBody? Hold { get; init; }

    public IReadOnlyList<EventBody>? Events { get; init; }

    public JournalRecord? ToRecord()
    {
        if (Hold is { } hold)
        {
            return new JournalRecord.Held(hold.ToHold());
        }

        List<UsageEvent> events = [.. (Events ?? []).Select(e => e.ToEvent())];
        return events.Count == 0 ? null : new JournalRecord.Settled(events[0].HoldId, events);
    }
}

/// <summary>Whom a hold or an event is attributed to.</summary>
internal sealed record AttributionBody(string KeyId, string Model, string TimeZone, string Tags)
{
    public static AttributionBody Of(Attribution from) => new(from.KeyId, from.Model, from.TimeZone, TagText.Of(from.Tags));

    public Attribution ToAttribution() => new(KeyId, Model, TimeZone, TagText.Read(Tags));
}

/// <summary>A hold without its epochs and bucket levels, which mean nothing once it is read again.</summary>
internal sealed record HoldBody
{
    public required Guid Id { get; init; }

    public required string Path { get; init; }

    public long WorstTokens { get; init; }

    public long WorstNano { get; init; }

    public long ExpectedTokens { get; init; }

    public long ExpectedNano { get; init; }

    public required string Operation { get; init; }

    public long LeaseUntil { get; init; }

    public long HeldAt { get; init; }

    public required string Owner { get; init; }

    public required AttributionBody Attribution { get; init; }

    public static HoldBody Of(DurableHold hold) => new()
    {
        Id = hold.Id.Value,
        Path = PathText.Of([.. hold.Grants.Select(grant => grant.Account)]),
        WorstTokens = hold.Worst.Tokens,
        WorstNano = hold.Worst.Cost.Value,
        ExpectedTokens = hold.Expected.Tokens,
        ExpectedNano = hold.Expected.Cost.Value,
        Operation = hold.Operation,
        LeaseUntil = hold.LeaseUntil.ToMicros(),
        HeldAt = hold.HeldAt.ToMicros(),
        Owner = hold.Owner,
        Attribution = AttributionBody.Of(hold.Attribution),
    };

    public DurableHold ToHold() => new()
    {
        Id = new HoldId(Id),
        Grants = [.. PathText.ReadPath(Path).Select(account => new AccountGrant(account, 0))],
        Worst = new HoldSize(WorstTokens, new NanoUsd(WorstNano)),
        Expected = new HoldSize(ExpectedTokens, new NanoUsd(ExpectedNano)),
        Operation = Operation,
        LeaseUntil = Instants.FromMicros(LeaseUntil),
        HeldAt = Instants.FromMicros(HeldAt),
        Owner = Owner,
        Attribution = Attribution.ToAttribution(),
    };
}

/// <summary>One attempt.</summary>
internal sealed record EventBody
{
    public required Guid HoldId { get; init; }

    public int Attempt { get; init; }

    public required string Path { get; init; }

    public required AttributionBody Attribution { get; init; }

    public required string Operation { get; init; }

    public int Requests { get; init; }

    public TokenUsage Usage { get; init; }

    public long CostNano { get; init; }

    public bool Estimated { get; init; }

    public required string Provider { get; init; }

    public required string ProviderModel { get; init; }

    public required string PriceVersion { get; init; }

    /// <summary>Null in lines of earlier versions: standard.</summary>
    public string? Service { get; init; }

    public long TierAboveTokens { get; init; }

    public long? CostMaxNano { get; init; }

    public int Status { get; init; }

    public required string FailedBy { get; init; }

    public bool Streamed { get; init; }

    public long StartedAt { get; init; }

    public long SettledAt { get; init; }

    public long DurationMicros { get; init; }

    public long? FirstByteMicros { get; init; }

    public static EventBody Of(UsageEvent e) => new()
    {
        HoldId = e.HoldId.Value,
        Attempt = e.Attempt,
        Path = PathText.Of(e.Path),
        Attribution = AttributionBody.Of(e.Attribution),
        Operation = e.Operation,
        Requests = e.Requests,
        Usage = e.Usage,
        CostNano = e.Cost.Value,
        Estimated = e.Estimated,
        Provider = e.Provider,
        ProviderModel = e.ProviderModel,
        PriceVersion = e.PriceVersion,
        Service = ServiceTiers.NameOf(e.Service),
        TierAboveTokens = e.TierAboveTokens,
        CostMaxNano = e.CostMax?.Value,
        Status = e.Status,
        FailedBy = FailedByText.Of(e.FailedBy),
        Streamed = e.Streamed,
        StartedAt = e.StartedAt.ToMicros(),
        SettledAt = e.SettledAt.ToMicros(),
        DurationMicros = e.DurationMicros,
        FirstByteMicros = e.FirstByteMicros,
    };

    public UsageEvent ToEvent() => new()
    {
        HoldId = new HoldId(HoldId),
        Attempt = Attempt,
        Path = PathText.ReadPath(Path),
        Attribution = Attribution.ToAttribution(),
        Operation = Operation,
        Requests = Requests,
        Usage = Usage,
        Cost = new NanoUsd(CostNano),
        Estimated = Estimated,
        Provider = Provider,
        ProviderModel = ProviderModel,
        PriceVersion = PriceVersion,
        Service = Service is { } service ? ServiceTiers.Parse(service) : ServiceTier.Standard,
        TierAboveTokens = TierAboveTokens,
        CostMax = CostMaxNano is { } nano ? new NanoUsd(nano) : null,
        Status = Status,
        FailedBy = FailedByText.Read(FailedBy),
        Streamed = Streamed,
        StartedAt = Instants.FromMicros(StartedAt),
        SettledAt = Instants.FromMicros(SettledAt),
        DurationMicros = DurationMicros,
        FirstByteMicros = FirstByteMicros,
        Journaled = true,
    };
}
