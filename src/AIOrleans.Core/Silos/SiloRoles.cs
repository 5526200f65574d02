namespace AIOrleans.Core.Silos;

/// <summary>What a silo does in its cluster.</summary>
public static class SiloRoles
{
    /// <summary>Everything.</summary>
    public const string All = "all";

    /// <summary>Serves calls; accounts and everything else that keeps state live on others.</summary>
    public const string Front = "front";

    /// <summary>Keeps accounts and everything else that has state; serves no calls.</summary>
    public const string Back = "back";

    public static readonly IReadOnlyList<string> Known = [All, Front, Back];
}
