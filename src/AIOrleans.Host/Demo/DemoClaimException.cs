namespace AIOrleans.Host.Demo;

/// <summary>The gateway did not do what the tour claims: a bug, in one of the two.</summary>
internal sealed class DemoClaimException(string claim, string seen) : Exception($"{claim} Seen instead: {seen}")
{
    public string Claim => claim;

    public string Seen => seen;
}
