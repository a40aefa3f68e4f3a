using System.Text.Json;
using OnlyMcp.Client.Authorization;

namespace OnlyMcp.Tests.Conformance.Client;

/// <summary>How the client gets its tokens in the suite's scenarios of authorization: what the suite gives it, and nobody at the browser.</summary>
internal static class SuiteAuthorization
{
    public static ClientAuthorization? For(string scenario)
    {
        if (!scenario.StartsWith("auth/", StringComparison.Ordinal))
            return null;

        var given = JsonElement.Parse(Environment.GetEnvironmentVariable("MCP_CONFORMANCE_CONTEXT") ?? "{}");
        var own = new ClientAuthorization
        {
            ClientName = "OnlyMcp.ConformanceClient",
            ClientIdMetadataDocument = new Uri("https://conformance-test.local/client-metadata.json"),
            SignIn = new UnattendedSignIn(),
            Tokens = new InMemoryTokenStore(),
            Clients = Text(given, "client_id") is { } id
                ?
                [
                    new ClientCredentials
                    {
                        ClientId = id,
                        ClientSecret = Text(given, "client_secret"),
                        PrivateKeyPem = Text(given, "private_key_pem"),
                        SigningAlgorithm = Text(given, "signing_algorithm"),
                    },
                ]
                : [],
        };
        return own with { Grant = GrantFor(scenario, given) };
    }

    private static AuthorizationGrant? GrantFor(string scenario, JsonElement given) => scenario switch
    {
        "auth/client-credentials-jwt" or "auth/client-credentials-basic" => new ClientCredentialsGrant(),
        "auth/wif-jwt-bearer" => new AssertionGrant((_, _) => ValueTask.FromResult(Text(given, "valid_jwt")!)),
        "auth/enterprise-managed-authorization" => new EnterpriseGrant
        {
            IdentityProvider = Text(given, "idp_issuer")!,
            IdentityProviderTokenEndpoint = new Uri(Text(given, "idp_token_endpoint")!),
            IdentityProviderClient = new ClientCredentials { ClientId = Text(given, "idp_client_id")! },
            IdentityToken = _ => ValueTask.FromResult(Text(given, "idp_id_token")!),
        },
        _ => null,
    };

    private static string? Text(JsonElement given, string name) => given.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>The suite's authorization servers agree at once: the answer is the redirect itself, which nobody needs to follow.</summary>
    private sealed class UnattendedSignIn : ISignIn, ISignInAttempt
    {
        public Uri RedirectUri { get; } = new("http://localhost:3000/callback");

        public ValueTask<ISignInAttempt> BeginAsync(CancellationToken cancellationToken) => new(this);

        public async ValueTask<Uri> SignInAsync(Uri authorizationUrl, CancellationToken cancellationToken)
        {
            using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
            using var answer = await browser.GetAsync(authorizationUrl, cancellationToken);
            return answer.Headers.Location ?? throw new InvalidOperationException($"The authorization server answered HTTP {(int)answer.StatusCode}.");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
