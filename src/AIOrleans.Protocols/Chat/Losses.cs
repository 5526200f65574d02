using System.Collections.Immutable;

namespace AIOrleans.Protocols.Chat;

/// <summary>Collects what of a request the provider's protocol cannot say: refused by the client's field, or left out and reported. Nothing is lost in silence.</summary>
/// <param name="client">Whose field names are told.</param>
/// <param name="provider">The protocol that lacks them.</param>
/// <param name="drop">True when the client asked to leave parameters out.</param>
internal sealed class Losses(WireFormat client, WireFormat provider, bool drop)
{
    /// <summary>Paths told of one request: they end up in a header.</summary>
    public const int OmittedMax = 32;

    /// <summary>Paths named in one message.</summary>
    private const int NamedMax = 8;

    private readonly List<string> omitted = [];
    private readonly List<string> refused = [];
    private RequestMistake? mistake;

    /// <summary>Client's fields that were left out, at most <see cref="OmittedMax"/>.</summary>
    public ImmutableArray<string> Omitted => [.. omitted];

    /// <summary>Why the request cannot be served; null when it can.</summary>
    public RequestMistake? Mistake => mistake ?? (refused.Count == 0 ? null : OfRefused());

    /// <summary>A parameter that the other side lacks: it may be left out when the client agreed.</summary>
    public void Parameter(RequestField field) => Parameter(FieldNames.Of(client, field));

    /// <summary>A parameter that the other side lacks: it may be left out when the client agreed.</summary>
    public void Parameter(string path)
    {
        if (drop)
        {
            Harmless(path);
        }
        else
        {
            refused.Add(path);
        }
    }

    /// <summary>A parameter whose value the other side does not take.</summary>
    /// <param name="expected">What it would take, e.g. "a number of 0 to 1".</param>
    public void Value(RequestField field, string expected)
    {
        string path = FieldNames.Of(client, field);
        if (drop)
        {
            Harmless(path);
        }
        else
        {
            mistake ??= new RequestMistake(
                $"Unsupported value for '{path}': this model is served over the {NameOf(provider)} protocol, which takes {expected}.", path, "unsupported_value");
        }
    }

    /// <summary>Something that the model would have to read. It is never left out: the answer would be to another question.</summary>
    /// <param name="what">Why not, e.g. "takes no audio".</param>
    public void Content(string path, string what) => mistake ??= new RequestMistake(
        $"Unsupported content in '{path}': this model is served over the {NameOf(provider)} protocol, which {what}.", path, "unsupported_content");

    /// <summary>Something without which the answer is the same: left out and reported.</summary>
    public void Harmless(string path)
    {
        if (omitted.Count < OmittedMax && !omitted.Contains(path))
        {
            omitted.Add(path);
        }
    }

    /// <summary>A parameter without which the answer is the same: left out and reported.</summary>
    public void Harmless(RequestField field) => Harmless(FieldNames.Of(client, field));

    /// <summary>Where the messages stand, when none of them can be written.</summary>
    public void NoMessages() => Content(FieldNames.Of(client, RequestField.Messages), "needs a message that is not empty");

    /// <summary>How closely to look at a picture, which the others decide themselves.</summary>
    public void Detail(ChatPart.Image image)
    {
        if (image.Detail is not (null or "auto"))
        {
            Harmless(client == WireFormat.OpenAiResponses ? $"{image.Path}.detail" : $"{image.Path}.image_url.detail");
        }
    }

    /// <summary>The members that the canonical model has no place for.</summary>
    public void Unknown(ImmutableArray<UnknownField> fields)
    {
        foreach (UnknownField field in fields)
        {
            switch (field.Weight)
            {
                case FieldWeight.Harmless:
                    Harmless(field.Path);
                    break;
                case FieldWeight.Content:
                    Content(field.Path, field.Reason ?? "cannot read what is kept at another provider");
                    break;
                default:
                    Parameter(field.Path);
                    break;
            }
        }
    }

    public static string NameOf(WireFormat format) => format switch
    {
        WireFormat.OpenAiChat => "OpenAI chat completions",
        WireFormat.OpenAiResponses => "OpenAI responses",
        WireFormat.OpenAiCompletions => "OpenAI completions",
        WireFormat.OpenAiEmbeddings => "OpenAI embeddings",
        WireFormat.Anthropic => "Anthropic messages",
        WireFormat.Bedrock => "Bedrock Converse",
        WireFormat.GeminiEmbeddings or WireFormat.GeminiEmbedContent => "Gemini embeddings",
        _ => "Gemini",
    };

    private RequestMistake OfRefused()
    {
        string names = string.Join(", ", refused.Take(NamedMax).Select(path => $"'{path}'")) + (refused.Count > NamedMax ? ", …" : "");
        return new RequestMistake(
            $"Unsupported parameter: this model is served over the {NameOf(provider)} protocol, which has no {names}. "
                + "Remove it, or send the header 'x-aiorleans-drop-params: true' to have it left out.",
            refused[0],
            "unsupported_parameter");
    }
}
