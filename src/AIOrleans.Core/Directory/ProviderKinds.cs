namespace AIOrleans.Core.Directory;

/// <summary>The words of <see cref="ProviderConfig.Kind"/>.</summary>
public static class ProviderKinds
{
    /// <summary>OpenAI, and any server that speaks its protocol.</summary>
    public const string OpenAi = "openai";

    /// <summary>OpenAI's protocol under Azure's addresses, either of them.</summary>
    public const string AzureOpenAi = "azure-openai";

    public const string Anthropic = "anthropic";

    /// <summary>The Gemini API of Google AI.</summary>
    public const string Gemini = "gemini";

    /// <summary>Amazon Bedrock's Converse.</summary>
    public const string Bedrock = "bedrock";

    /// <summary>Built in; needs no network.</summary>
    public const string Simulated = "simulated";

    public static IReadOnlyList<string> All { get; } = [OpenAi, AzureOpenAi, Anthropic, Gemini, Bedrock, Simulated];

    private static readonly Uri OpenAiHome = new("https://api.openai.com/v1");
    private static readonly Uri AnthropicHome = new("https://api.anthropic.com/v1");
    private static readonly Uri GeminiHome = new("https://generativelanguage.googleapis.com/v1beta");

    /// <summary>The company's own address, which counts where a provider names none; null for kinds that have no such address.</summary>
    public static Uri? HomeOf(string kind) => kind switch
    {
        OpenAi => OpenAiHome,
        Anthropic => AnthropicHome,
        Gemini => GeminiHome,
        _ => null,
    };

    /// <summary>True for the address of Azure's v1 API, which has OpenAI's own paths; false for the older one, which has the deployment in its paths.</summary>
    public static bool IsAzureV1(Uri baseUrl) => baseUrl.AbsolutePath.TrimEnd('/').EndsWith("/openai/v1", StringComparison.OrdinalIgnoreCase);
}
