using System.Globalization;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using AIOrleans.Gateway.Flow;
using AIOrleans.Protocols.Chat;
using AIOrleans.Providers;

namespace AIOrleans.Gateway.Telemetry;

/// <summary>The words of labels and attributes: all of closed lists or of the configuration, none made for a request.</summary>
internal static class Words
{
    public const string None = "none";

    private const int StatusMax = 599;

    private static readonly string[] Statuses = [.. Enumerable.Range(0, StatusMax + 1).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    private static readonly string[] BadStatuses = [.. Statuses.Select(status => "status_" + status)];

    public static string StatusOf(int status) => status is >= 0 and <= StatusMax ? Statuses[status] : None;

    public static string ProtocolOf(WireFormat format) => format switch
    {
        WireFormat.Anthropic => "anthropic",
        WireFormat.Gemini or WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent => "gemini",
        WireFormat.Rerank => "rerank",
        _ => "openai",
    };

    /// <summary>How a request ended, for its client.</summary>
    public static string OutcomeOf(Exchange exchange) => exchange.FailedBy switch
    {
        FailedBy.Provider => "provider_error",
        FailedBy.Gateway => "gateway_error",
        FailedBy.Client when exchange.Status == 499 => "abandoned",
        FailedBy.Client when exchange.Denied is Denial.CutOff => "cut_off",
        FailedBy.Client => "client_error",
        _ => exchange.Denied is null ? "success" : "denied",
    };

    /// <summary>Why an attempt failed.</summary>
    public static string ErrorOf(AttemptFailure failure) => failure.Kind switch
    {
        FailureKind.ConnectRefused => "connect_refused",
        FailureKind.NameUnknown => "name_unknown",
        FailureKind.TlsFailed => "tls_failed",
        FailureKind.ConnectFailed => "connect_failed",
        FailureKind.ConnectTimeout => "connect_timeout",
        FailureKind.FirstByteTimeout => "first_byte_timeout",
        FailureKind.IdleTimeout => "idle_timeout",
        FailureKind.Reset => "reset",
        FailureKind.BadStatus when failure.Status is { } status and >= 0 and <= StatusMax => BadStatuses[status],
        FailureKind.BadStatus => "bad_status",
        FailureKind.Garbage => "garbage",
        FailureKind.TooLarge => "too_large",
        _ => "other",
    };

    public static string KindOf(LimitKind kind) => kind switch
    {
        LimitKind.RequestsPerMinute => "requests_per_minute",
        LimitKind.TokensPerMinute => "tokens_per_minute",
        LimitKind.Concurrent => "concurrent",
        _ => "quota",
    };

    public static string KindOf(AccountKind kind) => kind switch
    {
        AccountKind.Tenant => "tenant",
        AccountKind.Org => "org",
        AccountKind.Team => "team",
        AccountKind.User => "user",
        AccountKind.Key => "key",
        AccountKind.App => "app",
        _ => "model",
    };

    // Source: OpenTelemetry semantic conventions for generative AI, gen_ai.provider.name.
    public static string SystemOf(ProviderConfig provider) => provider.Kind switch
    {
        ProviderKinds.AzureOpenAi => "azure.ai.openai",
        ProviderKinds.Gemini => "gcp.gemini",
        ProviderKinds.Bedrock => "aws.bedrock",
        _ => provider.Kind,
    };

    // Source: OpenTelemetry semantic conventions for generative AI, gen_ai.operation.name; others are called as quotas call them.
    public static string OperationOf(string operation) => operation == "completions" ? "text_completion" : operation;
}
