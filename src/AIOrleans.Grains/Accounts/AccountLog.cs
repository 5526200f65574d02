using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Accounts;

internal static partial class AccountLog
{
    [LoggerMessage(4101, LogLevel.Debug, "Overdue holds of {Account} stay held: {Reason}")]
    public static partial void OverdueKept(ILogger logger, string account, string reason);
}
