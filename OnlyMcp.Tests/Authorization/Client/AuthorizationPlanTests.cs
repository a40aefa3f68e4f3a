using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>What an authorization server must be able to do before anybody is sent there.</summary>
public sealed class AuthorizationPlanTests
{
    private static readonly AuthorizationServerMetadata Good = new()
    {
        Issuer = "https://auth.example",
        AuthorizationEndpoint = "https://auth.example/authorize",
        TokenEndpoint = "https://auth.example/token",
        CodeChallengeMethodsSupported = ["plain", "S256"],
        ResponseTypesSupported = ["code"],
        GrantTypesSupported = ["authorization_code"],
    };

    [Test]
    public void A_server_that_says_that_it_can_do_all_of_it_is_fine()
    {
        Judge(Good).Should().BeNull();
        Judge(Good with { ResponseTypesSupported = null, GrantTypesSupported = null }).Should().BeNull("what is not said has a default");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Authorization Code Protection", 2, 4, 5, 6, 7, AtEveryRevision = true)]
    [AuthorizationRequirement("CL17")]
    public void A_server_that_does_not_say_that_it_knows_proof_keys_is_refused()
    {
        foreach (var methods in new string[]?[] { null, [], ["plain"], ["s256"] })
            Judge(Good with { CodeChallengeMethodsSupported = methods }).Should().Contain("https://auth.example").And.Contain("code_challenge_methods_supported");
    }

    [Test]
    public void A_server_where_nobody_can_sign_in_is_refused()
    {
        Judge(Good with { AuthorizationEndpoint = null }).Should().Contain("authorization_endpoint").And.Contain("ClientAuthorization.Grant");
        Judge(Good with { ResponseTypesSupported = ["token"] }).Should().Contain("response_types_supported");
        Judge(Good with { GrantTypesSupported = ["client_credentials"] }).Should().Contain("grant_types_supported");
    }

    private static string? Judge(AuthorizationServerMetadata server)
    {
        try
        {
            new AuthorizationPlan { Server = server }.RequireSignIn();
            return null;
        }
        catch (AuthorizationException fault)
        {
            return fault.Message;
        }
    }
}
