using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Accounts;

internal static partial class AccountLog
{
    [LoggerMessage(4101, LogLevel.Debug, "Overdue holds of {Account} stay held: {Reason}")]
    public static partial void OverdueKept(ILogger logger, string account, string reason);

    [LoggerMessage(4102, LogLevel.Warning, "{Account} has crossed its warn quota {Limit}: used {Used} of {Amount}, until {EndsAt}")]
    public static partial void QuotaCrossed(ILogger logger, string account, string limit, string used, string amount, string endsAt);

    [LoggerMessage(4103, LogLevel.Warning, "{Count} slices of {Account} did not come back in time; it loads anew, and they are worth nothing any more")]
    public static partial void SlicesLost(ILogger logger, string account, int count);
}
