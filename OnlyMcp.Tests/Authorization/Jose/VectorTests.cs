using System.Text;
using System.Text.Json;
using OnlyMcp.Protocol.Authorization.Jose;

namespace OnlyMcp.Tests.Authorization.Jose;

/// <summary>What the RFCs have worked out by hand.</summary>
public sealed class VectorTests
{
    private const string Claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string ProofHeader =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLC"
        + "J5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";

    /// <summary>RFC 7515, A.2.</summary>
    [Test]
    public void The_RSA_signature_of_RFC_7515_is_right()
    {
        var key = Key("""
            {"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}
            """);
        var token = JsonWebToken.Parse(
            $"eyJhbGciOiJSUzI1NiJ9.{Claims}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw");

        token.IsSignedBy(key).Should().BeTrue();
        token.Issuer.Should().Be("joe");
        token.ExpiresAt.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1300819380));
    }

    /// <summary>RFC 7515, A.3.</summary>
    [Test]
    public void The_elliptic_signature_of_RFC_7515_is_right()
    {
        var key = Key("""{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""");

        JsonWebToken.Parse($"eyJhbGciOiJFUzI1NiJ9.{Claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
            .IsSignedBy(key).Should().BeTrue();
    }

    /// <summary>RFC 7638, 3.1.</summary>
    [Test]
    public void The_thumbprint_of_RFC_7638_is_found() => Key("""
        {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
        """).Thumbprint().Should().Be("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");

    /// <summary>RFC 9449, 4.1; the digest of its key stands in 6.1.</summary>
    [Test]
    public void The_proof_of_RFC_9449_for_a_token_endpoint_is_right()
    {
        var proof = DpopProof.Verify(
            $"{ProofHeader}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg",
            "POST", new Uri("https://server.example.com/token"), DateTimeOffset.FromUnixTimeSeconds(1562262616), TimeSpan.Zero);

        proof.JwtId.Should().Be("-BwC3ESc6acc2lTc");
        proof.KeyThumbprint.Should().Be("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    /// <summary>RFC 9449, 7.1.</summary>
    [Test]
    public void The_proof_of_RFC_9449_for_a_resource_names_its_token()
    {
        const string Proof = $"{ProofHeader}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
        var verify = (string token) => DpopProof.Verify(
            Proof, "GET", new Uri("https://resource.example.org/protectedresource"), DateTimeOffset.FromUnixTimeSeconds(1562262618), TimeSpan.Zero, token);

        verify("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU").JwtId.Should().Be("e1j3V_bKic8-LAEB");
        verify.Invoking(check => check("another")).Should().Throw<FormatException>().WithMessage("*ath*");
    }

    private static JsonWebKey Key(string json) => JsonWebKey.Parse(JsonElement.Parse(Encoding.UTF8.GetBytes(json)));
}
