namespace AIOrleans.Protocols.Chat;

/// <summary>What a request must become for one deployment.</summary>
/// <param name="Model">The model as the provider calls it.</param>
public sealed record UpstreamShape(string Model)
{
    /// <summary>Output bound where the protocol requires one and the client set none: the model's maximum, as known to the gateway. At least 1.</summary>
    public long OutputTokensMax { get; init; } = 4096;

    /// <summary>True to leave out parameters that the provider's protocol lacks, as the client asked by <c>x-aiorleans-drop-params: true</c>.</summary>
    public bool DropUnsupported { get; init; }

    /// <summary>True for OpenAI-compatible servers that know <c>max_tokens</c> only, not <c>max_completion_tokens</c>.</summary>
    public bool UsesMaxTokens { get; init; }

    /// <summary>True for Anthropic models that decide themselves how long to think and take an effort; false for those that take a budget of tokens.</summary>
    public bool ThinksAdaptively { get; init; }

    /// <summary>True to write the body that counts the request's tokens instead of answering it.</summary>
    public bool CountsOnly { get; init; }
}
