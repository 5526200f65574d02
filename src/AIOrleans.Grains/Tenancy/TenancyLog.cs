using Microsoft.Extensions.Logging;

namespace AIOrleans.Grains.Tenancy;

internal static partial class TenancyLog
{
    [LoggerMessage(4701, LogLevel.Error, "Refused {Target}, which was asked for on behalf of {Caller}, of another tenant. Nothing was done; this is a bug or an attack from within")]
    public static partial void Refused(ILogger logger, string target, string caller);
}
