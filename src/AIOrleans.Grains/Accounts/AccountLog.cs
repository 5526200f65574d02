using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Accounts;

internal static partial class AccountLog
{
    [LoggerMessage(4101, LogLevel.Debug, "Overdue holds of {Account} stay held: {Reason}")]
    public static partial void OverdueKept(ILogger logger, string account, string reason);

    [LoggerMessage(4102, LogLevel.Warning, "{Account} has crossed its warn quota {Limit}: used {Used} of {Amount}, until {EndsAt}")]
    public static partial void QuotaCrossed(ILogger logger, string account, string limit, string used, string amount, string endsAt);
}
