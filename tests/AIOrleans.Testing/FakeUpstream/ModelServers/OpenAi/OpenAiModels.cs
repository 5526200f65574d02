namespace AIOrleans.Testing.ModelServers;

/// <summary>The models that OpenAI's server knows.</summary>
internal static class OpenAiModels
{
    public const string Chat = "gpt-4.1";

    /// <summary>Reasons, and takes fewer parameters.</summary>
    public const string Reasoning = "o4-mini";

    public const string Embedding = "text-embedding-3-small";

    public const string Completion = "gpt-3.5-turbo-instruct";

    public static IReadOnlyList<string> All { get; } = [Chat, Reasoning, Embedding, Completion];

    public static bool Reasons(string model) => model == Reasoning;

    /// <summary>Begins the call of <paramref name="named"/>, if it is one of <paramref name="served"/>.</summary>
    public static string Begin(ServedCall call, string named, params ReadOnlySpan<string> served)
    {
        string model = call.Begin(named);
        if (!All.Contains(model))
        {
            throw new WireRefusalException(404, OpenAiWords.Invalid, $"The model `{model}` does not exist or you do not have access to it.", null, "model_not_found");
        }

        if (!served.Contains(model))
        {
            string endpoint = call.Path[(call.Path.IndexOf("/v1", StringComparison.Ordinal) is var at and >= 0 ? at : 0)..];
            throw new WireRefusalException(404, OpenAiWords.Invalid, $"This model is not supported in the {endpoint} endpoint.", "model");
        }

        return model;
    }
}
