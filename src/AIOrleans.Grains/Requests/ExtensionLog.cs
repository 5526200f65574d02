using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Requests;

internal static partial class ExtensionLog
{
    [LoggerMessage(4021, LogLevel.Information, "Extension of {HoldId} was fenced at try {Try}: an account was loaded anew; asking again")]
    public static partial void Fenced(ILogger logger, string holdId, int @try);

    [LoggerMessage(4022, LogLevel.Warning, "Extension of {HoldId} may or may not be written; its accounts keep it until the call is settled: {Reason}")]
    public static partial void Unknown(ILogger logger, string holdId, string reason);

    [LoggerMessage(4023, LogLevel.Warning, "Extension of {HoldId} could not be taken back from {Account}; it ends with its call: {Reason}")]
    public static partial void NotTakenBack(ILogger logger, string holdId, string account, string reason);
}
