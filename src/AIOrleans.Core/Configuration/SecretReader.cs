using AIOrleans.Core.Directory;

namespace AIOrleans.Core.Configuration;

/// <summary>Reads secrets: in plain, or as <c>env:NAME</c>. No message ever shows one.</summary>
internal sealed class SecretReader(Func<string, string?> environment, Func<ReadOnlySpan<char>, string> hash)
{
    private const string Reference = "env:";

    /// <summary>Longest credential of a provider in characters: signed tokens are long.</summary>
    private const int CredentialCharsMax = 8192;

    private readonly Dictionary<string, string> firstUses = new(StringComparer.Ordinal);

    /// <summary>A credential that a provider wants, e.g. the property <c>apiKey</c>; null when absent or reported.</summary>
    public Secret? ReadCredential(ObjectReader provider, string name) =>
        Read(provider, name, required: false, CredentialCharsMax) is { } credential ? new Secret(credential) : null;

    /// <summary>The hash of the property <c>secret</c> of a key or admin; empty when reported.</summary>
    public string ReadHash(ObjectReader owner)
    {
        if (Read(owner, "secret", required: true, ApiKeySecret.CharsMax) is not { } secret)
        {
            return "";
        }

        string hashed = hash(secret);
        if (!firstUses.TryAdd(hashed, owner.PathOf("secret")))
        {
            owner.Report("secret", $"is the same secret as {firstUses[hashed]}; each key and admin needs its own.");
        }

        return hashed;
    }

    private string? Read(ObjectReader owner, string name, bool required, int charsMax)
    {
        if (owner.Text(name, required) is not { } text)
        {
            return null;
        }

        bool referred = text.StartsWith(Reference, StringComparison.Ordinal);
        string? secret = referred ? Resolve(owner, name, text[Reference.Length..]) : text;
        if (secret is null)
        {
            return null;
        }

        string what = referred ? $"comes from {text}, whose value" : "";
        if (secret.Length == 0)
        {
            owner.Report(name, $"must not be empty.");
        }
        else if (secret.Length > charsMax)
        {
            owner.Report(name, $"{what} must have at most {charsMax} characters.".TrimStart());
        }
        else if (secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            owner.Report(name, $"{what} must be visible ASCII without spaces or line ends, as it is sent in a header.".TrimStart());
        }
        else
        {
            return secret;
        }

        return null;
    }

    // A name that cannot be one is not shown: it may be the secret itself.
    private string? Resolve(ObjectReader owner, string property, string variable)
    {
        if (variable.Length is 0 or > Names.CharsMax || char.IsAsciiDigit(variable[0]) || !variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            owner.Report(property, "must name an environment variable after 'env:', such as env:OPENAI_API_KEY.");
            return null;
        }

        if (environment(variable) is { Length: > 0 } value)
        {
            return value;
        }

        owner.Report(property, $"names the environment variable {variable}, which is not set.");
        return null;
    }
}
