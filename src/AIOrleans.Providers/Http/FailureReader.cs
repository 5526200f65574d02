using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Http;

/// <summary>Tells from an exception of the HTTP stack how an attempt failed.</summary>
internal static class FailureReader
{
    /// <summary>False for exceptions that are no I/O failure: bugs, which must surface as such.</summary>
    public static bool TryRead(Exception exception, ProviderConfig provider, AttemptTimer timer, [NotNullWhen(true)] out AttemptFailure? failure)
    {
        FailureKind? kind = exception switch
        {
            OperationCanceledException => KindOfTimeout(timer),
            HttpRequestException http => KindOf(http, timer),
            HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => FailureKind.Garbage,
            IOException or SocketException => FailureKind.Reset,
            _ => null,
        };
        failure = kind is { } known
            ? new AttemptFailure(known, MessageOf(known, provider, timer)) { MayBeBilled = timer.WasSent }
            : null;
        return failure is not null;
    }

    /// <summary>A sentence for operators.</summary>
    public static string MessageOf(FailureKind kind, ProviderConfig provider, AttemptTimer timer) => kind switch
    {
        FailureKind.ConnectRefused => $"Provider '{provider.Name}' refuses connections.",
        FailureKind.NameUnknown => $"The host name of provider '{provider.Name}' has no address.",
        FailureKind.TlsFailed => $"No secure connection to provider '{provider.Name}': check its certificate.",
        FailureKind.ConnectTimeout => $"Provider '{provider.Name}' took no connection within {Seconds(timer, AttemptStage.Connecting)} s.",
        FailureKind.ConnectFailed => $"No connection to provider '{provider.Name}'.",
        FailureKind.FirstByteTimeout => $"Provider '{provider.Name}' sent no answer within {Seconds(timer, AttemptStage.FirstByte)} s.",
        FailureKind.IdleTimeout => $"Provider '{provider.Name}' stopped within its answer for {Seconds(timer, AttemptStage.Reading)} s.",
        FailureKind.Reset => $"Provider '{provider.Name}' broke the connection.",
        FailureKind.TooLarge => $"Provider '{provider.Name}' sent a larger answer than the gateway takes.",
        _ => $"Provider '{provider.Name}' sent what is no answer of its protocol.",
    };

    private static FailureKind KindOfTimeout(AttemptTimer timer) => timer.Stage switch
    {
        AttemptStage.Connecting => FailureKind.ConnectTimeout,
        AttemptStage.FirstByte => FailureKind.FirstByteTimeout,
        _ => FailureKind.IdleTimeout,
    };

    private static FailureKind KindOf(HttpRequestException exception, AttemptTimer timer) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => FailureKind.NameUnknown,
        HttpRequestError.SecureConnectionError => FailureKind.TlsFailed,
        HttpRequestError.ConnectionError => IsRefused(exception) ? FailureKind.ConnectRefused : FailureKind.ConnectFailed,
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError => FailureKind.Garbage,
        _ => timer.WasSent ? FailureKind.Reset : FailureKind.ConnectFailed,
    };

    private static bool IsRefused(Exception exception) => exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    private static string Seconds(AttemptTimer timer, AttemptStage stage) =>
        timer.LimitOf(stage).TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
