namespace AIOrleans.Core.Denials;

/// <summary>Why a JSON Web Token identifies nobody. Only who presents a token that holds is told more than this.</summary>
public enum TokenFault
{
    /// <summary>It is no signed token, or lacks what every token needs.</summary>
    Malformed,

    AlgorithmRefused,

    IssuerUnknown,

    /// <summary>Its issuer publishes no such key.</summary>
    KeyUnknown,

    SignatureInvalid,

    Expired,

    NotYetValid,

    AudienceWrong,

    /// <summary>It holds, and names nobody who may do this.</summary>
    Unmapped,
}
