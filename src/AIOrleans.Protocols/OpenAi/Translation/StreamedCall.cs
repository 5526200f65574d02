namespace AIOrleans.Protocols.OpenAi.Translation;

/// <summary>A call of a tool while its arguments come in, piece by piece.</summary>
/// <param name="index">As the server counts.</param>
/// <param name="id">As the server calls it, or as we do.</param>
/// <param name="part">Its number among the parts of the choice.</param>
internal sealed class StreamedCall(long index, string id, int part)
{
    private int depth;
    private bool hasBegun;
    private bool isText;
    private bool isEscaped;

    public long Index => index;

    public string Id => id;

    public int Part => part;

    public bool HasEnded { get; set; }

    /// <summary>True when the arguments so far are a whole JSON object, or what looks like one: brackets are counted, not read.</summary>
    public bool IsWhole => hasBegun && depth <= 0 && !isText;

    /// <summary>Follows the brackets through the next piece.</summary>
    public void Follow(string arguments)
    {
        foreach (char letter in arguments)
        {
            if (isText)
            {
                isText = isEscaped || letter != '"';
                isEscaped = !isEscaped && letter == '\\';
                continue;
            }

            switch (letter)
            {
                case '"':
                    isText = true;
                    break;
                case '{' or '[':
                    hasBegun = true;
                    depth++;
                    break;
                case '}' or ']':
                    depth--;
                    break;
            }
        }
    }
}
