using AIOrleans.Core.Callers;
using AIOrleans.Core.Denials;

namespace AIOrleans.Identity;

/// <summary>Why a credential identifies nobody.</summary>
public enum IdentityRefusal
{
    /// <summary>None was presented.</summary>
    Missing,

    /// <summary>Nobody's, or not even a possible one.</summary>
    Unknown,

    Revoked,

    Expired,
}

/// <summary>Who presented a credential. A suspended caller is identified too: authorizing is the next step.</summary>
public abstract record Identification
{
    private Identification()
    {
    }

    public sealed record Identified(Caller Caller) : Identification;

    public sealed record Refused(IdentityRefusal Reason) : Identification;

    /// <summary>What was presented is a token.</summary>
    public sealed record TokenDenied(Denial Denial) : Identification;
}

/// <summary>Who presented a credential of the management API.</summary>
public abstract record AdminIdentification
{
    private AdminIdentification()
    {
    }

    public sealed record Identified(string AdminId) : AdminIdentification;

    /// <param name="Reason">Missing or unknown; admins are removed, never revoked.</param>
    public sealed record Refused(IdentityRefusal Reason) : AdminIdentification;

    /// <summary>What was presented is a token.</summary>
    public sealed record TokenDenied(Denial Denial) : AdminIdentification;
}
