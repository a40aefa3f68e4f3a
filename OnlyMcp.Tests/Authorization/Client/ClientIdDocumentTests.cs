using System.Text.Json;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization.Jose;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>The document that a host publishes about its program.</summary>
[Spec("2026-07-28 basic/authorization/client-registration §Example Metadata Document")]
[AuthorizationRequirement("CL12")]
public sealed class ClientIdDocumentTests
{
    private static readonly ClientAuthorization App = new()
    {
        ClientName = "Test",
        ClientIdMetadataDocument = new Uri("https://app.example.com/client.json"),
    };

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 1, 4, 5, AtEveryRevision = true)]
    public void It_says_who_the_client_is_by_its_own_address()
    {
        App.ToClientIdMetadataDocument(new Uri("http://127.0.0.1/callback"), new Uri("http://localhost/callback")).Should().Be(
            """{"client_id":"https://app.example.com/client.json","client_name":"Test","redirect_uris":["http://127.0.0.1/callback","http://localhost/callback"]"""
            + ""","grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none","application_type":"native"}""");
        App.ToClientIdMetadataDocument(new Uri("https://app.example.com/callback")).Should().Contain("\"application_type\":\"web\"");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements")]
    public void Where_the_client_has_a_key_its_public_half_is_in_it()
    {
        using var key = JwtSigner.NewEcdsa("k1");
        var app = App with { Clients = [new() { ClientId = "https://app.example.com/client.json", PrivateKeyPem = key.ExportPkcs8Pem(), PrivateKeyId = "k1" }] };

        var document = JsonElement.Parse(app.ToClientIdMetadataDocument(new Uri("https://app.example.com/callback")));

        document.GetProperty("token_endpoint_auth_method").GetString().Should().Be("private_key_jwt");
        document.GetProperty("token_endpoint_auth_signing_alg").GetString().Should().Be("ES256");
        var published = document.GetProperty("jwks").GetProperty("keys").EnumerateArray().Single();
        JsonWebKey.Parse(published).Thumbprint().Should().Be(key.PublicKey.Thumbprint());
        published.GetProperty("kid").GetString().Should().Be("k1");
        published.TryGetProperty("d", out _).Should().BeFalse("that is the half nobody is told");
    }

    [Test]
    public void What_cannot_be_published_is_the_hosts_mistake()
    {
        var nowhere = () => App.ToClientIdMetadataDocument();
        var plain = () => App.ToClientIdMetadataDocument(new Uri("http://app.example.com/callback"));
        var nobody = () => new ClientAuthorization().ToClientIdMetadataDocument(new Uri("http://localhost/callback"));

        nowhere.Should().Throw<ArgumentException>().WithMessage("*at least one redirect URI*");
        plain.Should().Throw<ArgumentException>().WithMessage("*plain http*");
        nobody.Should().Throw<InvalidOperationException>().WithMessage("*ClientIdMetadataDocument*");
    }
}
