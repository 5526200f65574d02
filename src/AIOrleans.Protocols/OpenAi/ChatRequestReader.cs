using System.Text.Json;
using System.Text.Unicode;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Protocols.OpenAi;

/// <summary>Reads the body of <c>POST /v1/chat/completions</c> in one pass, without building a tree.</summary>
public static class ChatRequestReader
{
    /// <summary>64 MiB: room for a few inline images, and positions stay far inside an int. The gateway may bound bodies lower.</summary>
    public const int BodyBytesMax = 64 * 1024 * 1024;

    /// <summary>Nesting of the body. The deepest genuine bodies are JSON schemas of tools, around 20.</summary>
    public const int DepthMax = 64;

    /// <summary>Characters of a model name: bounds log lines and account ids.</summary>
    public const int ModelLengthMax = 256;

    /// <summary>Reads <paramref name="body"/>, or says what is wrong with it: exactly one of both is null. Never throws, whatever the bytes.</summary>
    /// <returns>The request refers to <paramref name="body"/> and does not copy it.</returns>
    public static (ChatRequest? Request, RequestMistake? Mistake) Read(ReadOnlyMemory<byte> body)
    {
        RequestMistake? mistake = Read(body, out ChatRequestDraft draft);
        return mistake is null ? (draft.ToRequest(body), null) : (null, mistake);
    }

    private static RequestMistake? Read(ReadOnlyMemory<byte> body, out ChatRequestDraft draft)
    {
        draft = new ChatRequestDraft();
        if (body.Length > BodyBytesMax)
        {
            return RequestMistake.TooLarge(BodyBytesMax);
        }

        // The JSON reader does not look at the encoding of strings that nobody decodes; upstreams do.
        if (!Utf8.IsValid(body.Span))
        {
            return RequestMistake.NotJson;
        }

        try
        {
            Utf8JsonReader reader = new(body.Span, new JsonReaderOptions { MaxDepth = DepthMax });
            return draft.Read(ref reader);
        }
        catch (JsonException)
        {
            return RequestMistake.NotJson;
        }
        catch (InvalidOperationException)
        {
            // Escapes that are no Unicode text ("\ud800") are found only when a string is decoded.
            return RequestMistake.NotJson;
        }
    }
}
