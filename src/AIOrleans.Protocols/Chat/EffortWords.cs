namespace AIOrleans.Protocols.Chat;

/// <summary>The words for <see cref="Effort"/> on the wire. OpenAI has all but <c>max</c>, Anthropic <c>low</c> to <c>max</c>.</summary>
internal static class EffortWords
{
    public const string Expected = "one of 'none', 'minimal', 'low', 'medium', 'high', 'xhigh' and 'max'";

    /// <summary>Null when it is no such word.</summary>
    public static Effort? TryRead(string word) => word switch
    {
        "none" => Effort.None,
        "minimal" => Effort.Minimal,
        "low" => Effort.Low,
        "medium" => Effort.Medium,
        "high" => Effort.High,
        "xhigh" => Effort.ExtraHigh,
        "max" => Effort.Max,
        _ => null,
    };

    public static string ToOpenAi(Effort effort) => effort switch
    {
        Effort.None => "none",
        Effort.Minimal => "minimal",
        Effort.Low => "low",
        Effort.Medium => "medium",
        Effort.High => "high",
        _ => "xhigh",
    };

    public static string ToAnthropic(Effort effort) => effort switch
    {
        Effort.None or Effort.Minimal or Effort.Low => "low",
        Effort.Medium => "medium",
        Effort.High => "high",
        Effort.ExtraHigh => "xhigh",
        _ => "max",
    };
}
