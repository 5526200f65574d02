namespace AIOrleans.Chaos.Audit;

internal enum Fault
{
    /// <summary>A strict quota was exceeded, by more than providers told beyond their holds.</summary>
    Overspend,

    /// <summary>Something that a provider served is missing, or counted too low.</summary>
    Lost,

    /// <summary>Something is charged, held or counted that nobody got.</summary>
    Phantom,

    /// <summary>The gateway itself cannot recompute its bill.</summary>
    Misbilled,

    /// <summary>A key was let in after its revocation had been acknowledged, or not before it was asked for.</summary>
    LetIn,
}

internal sealed record Finding(Fault Fault, string Text);

/// <summary>Collects what is wrong. Thread-safe.</summary>
internal sealed class Verdict
{
    private const int PrintedMax = 20;

    private readonly Lock gate = new();
    private readonly List<Finding> findings = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public bool IsClean => findings.Count == 0;

    public void Add(Fault fault, string text) => AddOnce(text, new Finding(fault, text));

    public void Add(IEnumerable<Finding> found)
    {
        foreach (Finding finding in found)
        {
            AddOnce(finding.Text, finding);
        }
    }

    /// <summary>Adds one finding per <paramref name="subject"/>: a quota that stays exceeded is one mistake, not a hundred.</summary>
    public void AddOnce(string subject, Finding finding)
    {
        lock (gate)
        {
            if (seen.Add(subject))
            {
                findings.Add(finding);
            }
        }
    }

    public int CountOf(Fault fault)
    {
        lock (gate)
        {
            return findings.Count(finding => finding.Fault == fault);
        }
    }

    public void Print(TextWriter output)
    {
        foreach (Finding finding in findings.Take(PrintedMax))
        {
            output.WriteLine($"  {finding.Fault.ToString().ToLowerInvariant()}: {finding.Text}");
        }

        if (findings.Count > PrintedMax)
        {
            output.WriteLine($"  and {findings.Count - PrintedMax} more");
        }
    }
}
