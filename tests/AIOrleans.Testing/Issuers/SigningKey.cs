using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AIOrleans.Testing.Issuers;

/// <summary>A key pair that signs tokens as an issuer does, or as a forger would. Thread-safe.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly RSA? rsa;
    private readonly ECDsa? curve;
    private readonly string curveName = "";

    private SigningKey(string? kid, RSA rsa)
    {
        Kid = kid;
        this.rsa = rsa;
        Algorithm = "RS256";
    }

    private SigningKey(string? kid, ECDsa curve, string curveName, string algorithm)
    {
        Kid = kid;
        this.curve = curve;
        this.curveName = curveName;
        Algorithm = algorithm;
    }

    public string? Kid { get; }

    /// <summary>What <see cref="Token"/> signs with unless told otherwise.</summary>
    public string Algorithm { get; }

    public static SigningKey Rsa(string? kid = "rsa-1", int bits = 2048) => new(kid, RSA.Create(bits));

    /// <param name="bits">256, 384 or 521.</param>
    public static SigningKey Curve(string? kid = "ec-1", int bits = 256) => bits switch
    {
        256 => new(kid, ECDsa.Create(ECCurve.NamedCurves.nistP256), "P-256", "ES256"),
        384 => new(kid, ECDsa.Create(ECCurve.NamedCurves.nistP384), "P-384", "ES384"),
        _ => new(kid, ECDsa.Create(ECCurve.NamedCurves.nistP521), "P-521", "ES512"),
    };

    /// <summary>The public key as a set has it.</summary>
    /// <param name="kid">Another name than its own.</param>
    public string Jwk(string? kid = null, string? use = "sig", string? algorithm = null)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                members[name] = value;
            }
        }

        Add("kid", kid ?? Kid);
        Add("use", use);
        Add("alg", algorithm);
        if (rsa is not null)
        {
            RSAParameters parameters = rsa.ExportParameters(includePrivateParameters: false);
            Add("kty", "RSA");
            Add("n", Encode(parameters.Modulus));
            Add("e", Encode(parameters.Exponent));
        }
        else
        {
            ECParameters parameters = curve!.ExportParameters(includePrivateParameters: false); // ! One of both is there.
            Add("kty", "EC");
            Add("crv", curveName);
            Add("x", Encode(parameters.Q.X));
            Add("y", Encode(parameters.Q.Y));
        }

        return JsonSerializer.Serialize(members);
    }

    /// <summary>The public key as a forger would hand it to HMAC.</summary>
    public byte[] PublicPem() => Encoding.UTF8.GetBytes(rsa?.ExportSubjectPublicKeyInfoPem() ?? curve!.ExportSubjectPublicKeyInfoPem()); // ! One of both is there.

    /// <summary>A signed token.</summary>
    /// <param name="header">Its header; null: the usual one.</param>
    public string Token(string payload, string? algorithm = null, string? header = null)
    {
        string signing = algorithm ?? Algorithm;
        header ??= JsonSerializer.Serialize(Kid is null
            ? new Dictionary<string, string> { ["alg"] = signing, ["typ"] = "JWT" }
            : new Dictionary<string, string> { ["alg"] = signing, ["typ"] = "JWT", ["kid"] = Kid });
        string input = Encode(Encoding.UTF8.GetBytes(header)) + "." + Encode(Encoding.UTF8.GetBytes(payload));
        return input + "." + Encode(Sign(signing, Encoding.ASCII.GetBytes(input)));
    }

    public byte[] Sign(string algorithm, byte[] input, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
    {
        var hash = new HashAlgorithmName("SHA" + algorithm[2..]);
        return rsa is not null
            ? rsa.SignData(input, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : curve!.SignData(input, hash, format); // ! One of both is there.
    }

    public void Dispose()
    {
        rsa?.Dispose();
        curve?.Dispose();
    }

    public static string Encode(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
