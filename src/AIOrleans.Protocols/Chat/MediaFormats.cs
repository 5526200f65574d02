namespace AIOrleans.Protocols.Chat;

/// <summary>The formats that only ever pass: images, audio, moderations, ranking.</summary>
public static class MediaFormats
{
    /// <summary>True for them: what they use is counted by the piece too.</summary>
    public static bool IsMedia(this WireFormat format) => format switch
    {
        WireFormat.OpenAiImages or WireFormat.OpenAiImageEdits or WireFormat.OpenAiImageVariations => true,
        WireFormat.OpenAiSpeech or WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations => true,
        WireFormat.OpenAiModerations or WireFormat.Rerank => true,
        _ => false,
    };

    /// <summary>True where the body may be, or must be, a <c>multipart/form-data</c> form.</summary>
    public static bool TakesForm(this WireFormat format) => format.NeedsForm() || format == WireFormat.OpenAiImageEdits;

    /// <summary>True for calls with files only: JSON is refused.</summary>
    public static bool NeedsForm(this WireFormat format) =>
        format is WireFormat.OpenAiImageVariations or WireFormat.OpenAiTranscriptions or WireFormat.OpenAiTranslations;

    /// <summary>True where the answer has images.</summary>
    public static bool MakesImages(this WireFormat format) =>
        format is WireFormat.OpenAiImages or WireFormat.OpenAiImageEdits or WireFormat.OpenAiImageVariations;
}
