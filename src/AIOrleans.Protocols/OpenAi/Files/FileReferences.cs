using System.Collections.Immutable;
using System.Text.Json;
using AIOrleans.Protocols.Json;

namespace AIOrleans.Protocols.OpenAi.Files;

/// <summary>Finds the uploaded files that a call names, wherever in its body: all callers share the provider's credentials, so that it would read them whose they may be.</summary>
public static class FileReferences
{
    /// <summary>Files of one call: providers take far fewer.</summary>
    public const int CountMax = 256;

    /// <summary>How ids of files begin: OpenAI's, and Azure's of older uploads.</summary>
    private static readonly string[] Prefixes = ["file-", "assistant-"];

    /// <summary>The ids, each once; the first beyond <see cref="CountMax"/> ends the search. Nothing for what is not JSON.</summary>
    public static ImmutableArray<string> Of(ReadOnlyMemory<byte> body)
    {
        ReadOnlySpan<byte> bytes = body.Span;

        // An escape may hide anything. Most bodies have neither.
        bool mayName = bytes.IndexOf("file_id"u8) >= 0 || bytes.IndexOf("file-"u8) >= 0 || bytes.IndexOf("assistant-"u8) >= 0 || bytes.IndexOf("\\u"u8) >= 0;
        return mayName ? Walk(bytes) : [];
    }

    private static ImmutableArray<string> Walk(ReadOnlySpan<byte> bytes)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = JsonInput.DepthMax });
        bool isOfFiles = false;
        try
        {
            while (reader.Read() && ids.Count <= CountMax)
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        isOfFiles = reader.ValueTextEquals("file_id"u8) || reader.ValueTextEquals("file_ids"u8);
                        break;
                    case JsonTokenType.String when isOfFiles || MayBeId(ref reader):
                        string id = reader.GetString() ?? "";
                        if (isOfFiles || Array.Exists(Prefixes, prefix => id.StartsWith(prefix, StringComparison.Ordinal)))
                        {
                            ids.Add(id);
                        }

                        break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Whoever reads it for what it is says so.
        }

        return [.. ids];
    }

    /// <summary>Ids are short.</summary>
    private static bool MayBeId(ref Utf8JsonReader reader) => reader.ValueSpan.Length is > 5 and < 1024;
}
