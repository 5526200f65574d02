namespace AIOrleans.Testing.ModelServers;

/// <summary>A refusal in the words of one vendor.</summary>
/// <param name="kind">The vendor's type of error.</param>
/// <param name="param">The field at fault; null: none, or the vendor does not say.</param>
internal sealed class WireRefusalException(int status, string kind, string message, string? param = null, string? code = null) : Exception(message)
{
    public int Status => status;

    public string Kind => kind;

    public string? Param => param;

    public string? Code => code;
}

/// <summary>How a vendor calls fields and complains of them.</summary>
internal interface IWireWords
{
    /// <summary>True when <c>max_tokens</c> is taken for <c>maxTokens</c>.</summary>
    bool TakesSnakeCase { get; }

    string At(string path, int index);

    WireRefusalException NoJson(string reason);

    WireRefusalException Unknown(string owner, string name);

    WireRefusalException Missing(string path);

    WireRefusalException WrongType(string path, string expected, string got);

    WireRefusalException BadValue(string path, string reason);
}
