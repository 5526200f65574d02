using Microsoft.IdentityModel.Tokens;

namespace AIOrleans.JwtBearer.Tests;

/// <summary>The examples of RFC 7515. They expired in 2011: who says so has found their signature right, because that is looked at first.</summary>
// Source: RFC 7515 appendix A.
public sealed class VectorTests
{
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string RsaToken = "eyJhbGciOiJSUzI1NiJ9." + Payload + "."
        + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
        + "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
        + "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private const string RsaKey = """
        {"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}
        """;

    private const string CurveToken =
        "eyJhbGciOiJFUzI1NiJ9." + Payload + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string CurveKey =
        """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";

    [Theory]
    [InlineData(RsaToken, RsaKey)]
    [InlineData(CurveToken, CurveKey)]
    public Task Signatures_of_the_RFC_are_right(string token, string key) => Bearer.AssertRefusedAsync<SecurityTokenExpiredException>(token, key);

    [Theory]
    [InlineData(RsaToken, RsaKey)]
    [InlineData(CurveToken, CurveKey)]
    public async Task No_byte_of_them_can_be_changed(string token, string key)
    {
        for (int at = token.IndexOf('.') + 20; at < token.Length - 1; at += 37)
        {
            string changed = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];

            Assert.IsNotType<SecurityTokenExpiredException>((await Bearer.AskAsync(changed.Replace("..", ".", StringComparison.Ordinal), key)).Failure);
        }
    }

    [Fact]
    public Task The_secret_of_HS256_is_no_key() => Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + Payload + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        """{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}""");

    [Fact]
    public Task An_unsecured_token_is_refused() =>
        Bearer.AssertRefusedAsync<SecurityTokenInvalidSignatureException>("eyJhbGciOiJub25lIn0." + Payload + ".", RsaKey, CurveKey);
}
