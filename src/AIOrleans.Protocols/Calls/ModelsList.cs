using AIOrleans.Protocols.Anthropic;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Gemini;
using AIOrleans.Protocols.OpenAi;

namespace AIOrleans.Protocols.Calls;

/// <summary>Writes lists of models, and single ones, in a client's own protocol.</summary>
public static class ModelsList
{
    /// <summary>The body of a list; it is whole, so that no client asks for a next page.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ListedModel> models, WireFormat client) => client switch
    {
        WireFormat.Anthropic => AnthropicModels.Write(models),
        WireFormat.Gemini => GeminiModels.Write(models),
        _ => OpenAiModels.Write(models),
    };

    /// <summary>The body of one.</summary>
    public static ReadOnlyMemory<byte> WriteOne(ListedModel model, WireFormat client) => client switch
    {
        WireFormat.Anthropic => AnthropicModels.WriteOne(model),
        WireFormat.Gemini => GeminiModels.WriteOne(model),
        _ => OpenAiModels.WriteOne(model),
    };
}
