using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization;

/// <summary>What holds a secret can be put into a log, or into the words of an exception, and the secret is not there.</summary>
public sealed class SecretsTests
{
    private const string Secret = "s3cr3t";

    private static readonly object[] Holders =
    [
        new TokenResponse { AccessToken = Secret, TokenType = "Bearer", RefreshToken = Secret },
        new ClientMetadata { ClientId = "an id", ClientSecret = Secret },
        new ClientCredentials { ClientId = "an id", ClientSecret = Secret, PrivateKeyPem = Secret },
        new StoredTokens { Key = new("an issuer", "an id", "a resource", "a profile"), AccessToken = Secret, RefreshToken = Secret, ProofKey = Secret },
        new AuthorizationResponse { Code = Secret, State = Secret },
    ];

    [TestCaseSource(nameof(Holders))]
    [AuthorizationRequirement("RS12", "CL29")]
    public void It_prints_without_the_secret(object holder) => holder.ToString().Should().NotBeEmpty().And.NotContain(Secret);
}
