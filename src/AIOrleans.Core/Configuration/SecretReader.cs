using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>Reads secrets: in plain, or as <c>env:NAME</c>. No message ever shows one.</summary>
internal sealed class SecretReader(Func<string, string?> environment, Func<ReadOnlySpan<char>, string> hash)
{
    private const string Reference = "env:";

    /// <summary>Longest credential of a provider in characters: signed tokens are long.</summary>
    private const int CredentialCharsMax = 8192;

    private readonly Dictionary<string, JsonPlace> firstUses = new(StringComparer.Ordinal);
    private readonly HashSet<string> variables = new(StringComparer.Ordinal);

    /// <summary>Environment variables that were asked for.</summary>
    public IReadOnlyCollection<string> Variables => variables;

    /// <summary>A credential that a provider wants, from the <paramref name="text"/> at <paramref name="path"/>; null when reported.</summary>
    public Secret? OpenCredential(string text, string path, MistakeList mistakes) =>
        Read(text, new JsonPlace(path), mistakes, CredentialCharsMax) is { } credential ? new Secret(credential) : null;

    /// <summary>The hash of the property <c>secret</c> of a key or admin; empty when reported.</summary>
    public string ReadHash(ObjectReader owner)
    {
        JsonPlace place = owner.Place.Property("secret");
        if (owner.Text("secret", required: true) is not { } text || Read(text, place, owner.Mistakes, ApiKeySecret.CharsMax) is not { } secret)
        {
            return "";
        }

        string hashed = hash(secret);
        if (!firstUses.TryAdd(hashed, place))
        {
            owner.Report("secret", $"is the same secret as {firstUses[hashed]}; each key and admin needs its own.");
        }

        return hashed;
    }

    private string? Read(string text, JsonPlace place, MistakeList mistakes, int charsMax)
    {
        bool referred = text.StartsWith(Reference, StringComparison.Ordinal);
        string? secret = referred ? Resolve(place, mistakes, text[Reference.Length..]) : text;
        if (secret is null)
        {
            return null;
        }

        string what = referred ? $"comes from {text}, whose value" : "";
        if (secret.Length == 0)
        {
            mistakes.Add(place.ToString(), "must not be empty.");
        }
        else if (secret.Length > charsMax)
        {
            mistakes.Add(place.ToString(), $"{what} must have at most {charsMax} characters.".TrimStart());
        }
        else if (secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            mistakes.Add(place.ToString(), $"{what} must be visible ASCII without spaces or line ends, as it is sent in a header.".TrimStart());
        }
        else
        {
            return secret;
        }

        return null;
    }

    // A name that cannot be one is not shown: it may be the secret itself.
    private string? Resolve(JsonPlace place, MistakeList mistakes, string variable)
    {
        if (variable.Length is 0 or > Names.CharsMax || char.IsAsciiDigit(variable[0]) || !variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            mistakes.Add(place.ToString(), "must name an environment variable after 'env:', such as env:OPENAI_API_KEY.");
            return null;
        }

        variables.Add(variable);
        if (environment(variable) is { Length: > 0 } value)
        {
            return value;
        }

        mistakes.Add(place.ToString(), $"names the environment variable {variable}, which is not set.");
        return null;
    }
}
