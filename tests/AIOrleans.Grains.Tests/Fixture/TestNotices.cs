using AIOrleans.Contracts.Accounts;
using AIOrleans.Contracts.Requests;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Tests.Fixture;

/// <summary>What accounts are told of settlements with one attempt.</summary>
internal static class TestNotices
{
    public static SettledHold Of(SettleCommand command, bool isReplay)
    {
        UsageEvent attempt = command.Events[0];
        return new SettledHold
        {
            Id = command.Id,
            Usage = new SettledUsage(attempt.Operation, attempt.Requests, new HoldSize(attempt.Usage.Total, attempt.Cost)),
            SettledAt = attempt.SettledAt,
            Status = attempt.Status,
            FailedBy = attempt.FailedBy,
            DurationMicros = attempt.DurationMicros,
            FirstByteMicros = attempt.FirstByteMicros,
            IsReplay = isReplay,
        };
    }
}
