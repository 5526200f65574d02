using AIOrleans.Core.Directory;

namespace AIOrleans.Protocols.Tokens;

/// <summary>Finds the family of a model by the name that its provider gave it.</summary>
public static class TokenFamilies
{
    /// <summary>The first that the name holds decides, so the narrower come before the wider.</summary>
    private static readonly (string Part, TokenFamily Family)[] Parts =
    [
        ("claude", TokenFamily.Claude),
        ("gemini", TokenFamily.Gemini),
        ("gemma", TokenFamily.Gemini),
        ("llama-2", TokenFamily.SentencePiece),
        ("llama2", TokenFamily.SentencePiece),
        ("codellama", TokenFamily.SentencePiece),
        ("mixtral", TokenFamily.SentencePiece),
        ("mistral-7b", TokenFamily.SentencePiece),
        ("mistral-tiny", TokenFamily.SentencePiece),
        ("llama", TokenFamily.Llama),
        ("mistral", TokenFamily.Llama),
        ("ministral", TokenFamily.Llama),
        ("codestral", TokenFamily.Llama),
        ("magistral", TokenFamily.Llama),
        ("devstral", TokenFamily.Llama),
        ("pixtral", TokenFamily.Llama),
        ("qwen", TokenFamily.Llama),
        ("qwq", TokenFamily.Llama),
        ("deepseek", TokenFamily.Llama),
        ("gpt-4o", TokenFamily.O200k),
        ("gpt-4.1", TokenFamily.O200k),
        ("gpt-4.5", TokenFamily.O200k),
        ("gpt-4", TokenFamily.Cl100k),
        ("gpt-3.5", TokenFamily.Cl100k),
        ("gpt-35", TokenFamily.Cl100k),
        ("text-embedding-3", TokenFamily.Cl100k),
        ("text-embedding-ada", TokenFamily.Cl100k),
        ("davinci-002", TokenFamily.Cl100k),
        ("babbage-002", TokenFamily.Cl100k),
        ("gpt-", TokenFamily.O200k),
    ];

    /// <summary>The family of a model; where the name says nothing, the one that its provider makes.</summary>
    /// <param name="model">As the provider calls it, with or without a maker in front: <c>gpt-4o</c>, <c>meta-llama/Llama-3.1-8B</c>, <c>us.anthropic.claude-sonnet-4</c>.</param>
    /// <param name="providerKind">One of <see cref="ProviderKinds"/>; null: not known. Servers that speak OpenAI's protocol serve models of anybody.</param>
    public static TokenFamily Of(string model, string? providerKind)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach ((string part, TokenFamily family) in Parts)
        {
            if (model.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return family;
            }
        }

        return IsReasoner(model.AsSpan(model.LastIndexOf('/') + 1)) ? TokenFamily.O200k
            : providerKind switch
            {
                ProviderKinds.AzureOpenAi => TokenFamily.O200k,
                ProviderKinds.Anthropic => TokenFamily.Claude,
                ProviderKinds.Gemini => TokenFamily.Gemini,
                _ => TokenFamily.Unknown,
            };
    }

    /// <summary>OpenAI's <c>o1</c>, <c>o3-mini</c>, <c>o4-mini</c> and so on.</summary>
    private static bool IsReasoner(ReadOnlySpan<char> name) =>
        name.Length >= 2 && name[0] is 'o' or 'O' && char.IsAsciiDigit(name[1]) && (name.Length == 2 || name[2] == '-');
}
