using AIOrleans.Core.Directory;
using AIOrleans.Providers.Bedrock;
using AIOrleans.Providers.Simulated;

namespace AIOrleans.Providers.Http.Wires;

/// <summary>The wire of each kind.</summary>
internal static class ProviderWires
{
    private static readonly OpenAiWire OpenAi = new();
    private static readonly AzureOpenAiWire AzureOpenAi = new();
    private static readonly AnthropicWire Anthropic = new();
    private static readonly GeminiWire Gemini = new();
    private static readonly BedrockWire Bedrock = new();
    private static readonly SimulatedWire Simulated = new();

    /// <exception cref="ArgumentException">A kind that this version does not know.</exception>
    public static ProviderWire Of(ProviderConfig provider) => provider.Kind switch
    {
        ProviderKinds.OpenAi => OpenAi,
        ProviderKinds.AzureOpenAi => AzureOpenAi,
        ProviderKinds.Anthropic => Anthropic,
        ProviderKinds.Gemini => Gemini,
        ProviderKinds.Bedrock => Bedrock,
        ProviderKinds.Simulated => Simulated,
        _ => throw new ArgumentException($"Provider '{provider.Name}' is of the unknown kind '{provider.Kind}'.", nameof(provider)),
    };
}
