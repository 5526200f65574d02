namespace AIOrleans.Protocols.Gemini;

/// <summary>Names of models as bodies repeat them.</summary>
internal static class GeminiModelNames
{
    /// <summary>A plain name is one of <c>models</c>; a resource name says its collection itself.</summary>
    public static string ResourceOf(string model) =>
        model.StartsWith("models/", StringComparison.Ordinal) || model.StartsWith("tunedModels/", StringComparison.Ordinal) ? model : $"models/{model}";
}
