namespace AIOrleans.Protocols.Bedrock;

/// <summary>Whose model an id of Bedrock is, as far as it matters: what Converse has no member for goes into <c>additionalModelRequestFields</c> in the model's own words.</summary>
internal enum BedrockFamily
{
    Other,
    Claude,
    Nova,

    /// <summary>Nova from its second generation on, which thinks.</summary>
    Nova2,
    GptOss,
}

/// <summary>Tells families from ids: of models, of inference profiles (<c>eu.anthropic.claude-…</c>), and ARNs of both.</summary>
internal static class BedrockFamilies
{
    /// <param name="alias">What the client called it. An ARN of an application's inference profile or of bought throughput hides its model; then the alias tells.</param>
    public static BedrockFamily Of(string model, string alias)
    {
        BedrockFamily family = Of(model);
        bool isOpaque = family == BedrockFamily.Other && model.StartsWith("arn:", StringComparison.Ordinal);
        return !isOpaque ? family
            : alias.Contains("claude", StringComparison.OrdinalIgnoreCase) ? BedrockFamily.Claude
            : alias.Contains("nova-2", StringComparison.OrdinalIgnoreCase) ? BedrockFamily.Nova2
            : alias.Contains("nova", StringComparison.OrdinalIgnoreCase) ? BedrockFamily.Nova
            : BedrockFamily.Other;
    }

    private static BedrockFamily Of(string model) =>
        Has(model, "anthropic.claude") ? BedrockFamily.Claude
        : Has(model, "amazon.nova-2") ? BedrockFamily.Nova2
        : Has(model, "amazon.nova") ? BedrockFamily.Nova
        : Has(model, "openai.gpt-oss") ? BedrockFamily.GptOss
        : BedrockFamily.Other;

    private static bool Has(string model, string part) => model.Contains(part, StringComparison.Ordinal);
}
