namespace AIOrleans.Core.Configuration;

/// <summary>One thing to mend in a configuration.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.tenants[0].limits.tokenBurst</c>.</param>
/// <param name="Message">What to change. Never holds a secret.</param>
public sealed record ConfigMistake(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
