using System.Globalization;

namespace AIOrleans.Testing;

/// <summary>What goes wrong with a call, said by the end of the model's name: <c>gpt-4.1.fault-429</c>, and <c>gpt-4.1.once-429</c> for every other call only.</summary>
/// <param name="Status">The HTTP status of <see cref="FaultKind.Refuses"/>, else 0.</param>
public readonly record struct ModelFault(FaultKind Kind, int Status = 0)
{
    private const string Always = ".fault-";
    private const string EveryOther = ".once-";

    /// <summary>The name of a model at which a fault happens every time.</summary>
    /// <param name="fault">A status, or one of the words of <see cref="FaultKind"/> in small letters, e.g. <c>stalls</c>.</param>
    public static string NameOf(string model, string fault) => model + Always + fault;

    /// <summary>Splits a model's name from its fault.</summary>
    public static (string Model, ModelFault Fault, bool IsEveryOther) Split(string name)
    {
        int at = name.IndexOf(Always, StringComparison.Ordinal);
        if (at >= 0)
        {
            return (name[..at], Read(name[(at + Always.Length)..]), false);
        }

        at = name.IndexOf(EveryOther, StringComparison.Ordinal);
        return at < 0 ? (name, default, false) : (name[..at], Read(name[(at + EveryOther.Length)..]), true);
    }

    private static ModelFault Read(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int status)
        ? new ModelFault(FaultKind.Refuses, status)
        : new ModelFault(Enum.Parse<FaultKind>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true));
}

/// <summary>Ways in which a real provider fails.</summary>
public enum FaultKind
{
    None,

    /// <summary>An error status with the vendor's own body and headers.</summary>
    Refuses,

    /// <summary>A 429 that no waiting helps: the account has no money.</summary>
    OutOfQuota,

    /// <summary>An error event in the middle of a stream; a 5xx where nothing streams.</summary>
    Overloads,

    /// <summary>Nothing at all, not even headers.</summary>
    KeepsSilent,

    /// <summary>Half an answer, and then nothing.</summary>
    Stalls,

    /// <summary>The connection is reset before the answer.</summary>
    ResetsFirst,

    /// <summary>Half an answer, and a reset connection.</summary>
    Resets,

    /// <summary>Half an answer that ends as if it were whole.</summary>
    Truncates,

    /// <summary>The whole answer without any usage.</summary>
    HidesUsage,

    /// <summary>A pause before every event.</summary>
    Crawls,

    /// <summary>200 with a page that is no answer.</summary>
    Babbles,
}
