namespace AIOrleans.Protocols.Chat;

/// <summary>
/// Tells whose a signature is. A conversation may move to another provider between two turns, and a signature of the first would make the second
/// refuse the whole request. In the canonical model Anthropic's stand as they are, whoever serves Claude, because Anthropic takes them from every
/// platform; Gemini's and Bedrock's redacted thoughts are marked.
/// </summary>
internal static class ForeignSignature
{
    /// <summary>Before a signature of Gemini's; no base64, so that it cannot be Anthropic's.</summary>
    private const string OfGemini = "gemini#";

    /// <summary>Before a signature of Anthropic's that a Gemini client carries: base64, because that client decodes it. It says "anthropic###".</summary>
    private const string OfAnthropic = "YW50aHJvcGljIyMj";

    /// <summary>Before Anthropic's redacted thoughts; it says "anthropicred".</summary>
    private const string OfAnthropicRedacted = "YW50aHJvcGljcmVk";

    /// <summary>Before redacted thoughts of Bedrock's; no base64, so that they cannot be Anthropic's.</summary>
    private const string OfBedrock = "bedrock#";

    /// <summary>Before Bedrock's redacted thoughts that a Gemini client carries; it says "bedrockredac".</summary>
    private const string OfBedrockRedacted = "YmVkcm9ja3JlZGFj";

    /// <summary>Before a signature of Anthropic's that a client of OpenAI's responses carries.</summary>
    private const string OfAnthropicPlain = "anthropic#";

    /// <summary>Before Anthropic's redacted thoughts that a client of OpenAI's responses carries.</summary>
    private const string OfAnthropicRedactedPlain = "anthropic-redacted#";

    public static string Mark(string signature) => OfGemini + signature;

    /// <summary>True for one of Gemini's.</summary>
    public static bool IsMarked(string? signature) => signature?.StartsWith(OfGemini, StringComparison.Ordinal) == true;

    /// <summary>Gemini's own; null when it is not Gemini's.</summary>
    public static string? Unmark(string? signature) => IsMarked(signature) ? signature?[OfGemini.Length..] : null;

    public static string MarkBedrock(string redacted) => OfBedrock + redacted;

    /// <summary>True for redacted thoughts of Bedrock's.</summary>
    public static bool IsOfBedrock(string? redacted) => redacted?.StartsWith(OfBedrock, StringComparison.Ordinal) == true;

    /// <summary>Bedrock's own, of what <see cref="IsOfBedrock"/> said so.</summary>
    public static string UnmarkBedrock(string redacted) => redacted[OfBedrock.Length..];

    /// <summary>What a Gemini client carries for a thought; null: nothing.</summary>
    public static string? ForGemini(string? signature, string? redacted) =>
        IsOfBedrock(redacted) ? OfBedrockRedacted + redacted?[OfBedrock.Length..]
        : redacted is not null ? OfAnthropicRedacted + redacted
        : string.IsNullOrEmpty(signature) ? null
        : Unmark(signature) ?? OfAnthropic + signature;

    /// <summary>What a client of OpenAI's responses carries as <c>encrypted_content</c>; null: nothing. Always marked: what has no mark there is OpenAI's.</summary>
    public static string? ForResponses(string? signature, string? redacted) =>
        redacted is not null ? OfAnthropicRedactedPlain + redacted
        : string.IsNullOrEmpty(signature) ? null
        : IsMarked(signature) ? signature
        : OfAnthropicPlain + signature;

    /// <summary>Reads what <see cref="ForResponses"/> wrote; nothing of what is OpenAI's own, which no other provider takes.</summary>
    public static (string? Signature, string? Redacted) OfResponsesClient(string? carried) =>
        carried is null ? (null, null)
        : carried.StartsWith(OfAnthropicRedactedPlain, StringComparison.Ordinal) ? (null, carried[OfAnthropicRedactedPlain.Length..])
        : carried.StartsWith(OfAnthropicPlain, StringComparison.Ordinal) ? (carried[OfAnthropicPlain.Length..], null)
        : IsMarked(carried) ? (carried, null)
        : (null, null);

    /// <summary>Reads what <see cref="ForGemini"/> wrote, or Gemini's own.</summary>
    public static (string? Signature, string? Redacted) OfGeminiClient(string? carried) =>
        carried is null ? (null, null)
        : carried.StartsWith(OfBedrockRedacted, StringComparison.Ordinal) ? (null, MarkBedrock(carried[OfBedrockRedacted.Length..]))
        : carried.StartsWith(OfAnthropicRedacted, StringComparison.Ordinal) ? (null, carried[OfAnthropicRedacted.Length..])
        : carried.StartsWith(OfAnthropic, StringComparison.Ordinal) ? (carried[OfAnthropic.Length..], null)
        : (Mark(carried), null);
}
