using System.Text.Json;
using System.Text.Json.Nodes;

namespace OnlyMcp.Tests.Interop;

/// <summary>The authorization server by others is what the other tests take it for.</summary>
public sealed class AuthorizationPeersTests
{
    [Test]
    public async Task It_offers_what_clients_of_this_protocol_look_for()
    {
        await using var provider = await OidcProvider.StartAsync();
        using var http = new HttpClient();

        var metadata = JsonElement.Parse(await http.GetStringAsync($"{provider.Issuer}/.well-known/oauth-authorization-server"));

        metadata.GetProperty("issuer").GetString().Should().Be(provider.Issuer);
        metadata.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(method => method.GetString()).Should().Equal("S256");
        metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().Should().BeTrue();
        metadata.GetProperty("client_id_metadata_document_supported").GetBoolean().Should().BeTrue();
        metadata.TryGetProperty("registration_endpoint", out _).Should().BeTrue();
    }

    [Test]
    public async Task It_registers_nobody_where_it_is_told_so()
    {
        await using var provider = await OidcProvider.StartAsync(new JsonObject { ["registers"] = false });
        using var http = new HttpClient();

        var metadata = JsonElement.Parse(await http.GetStringAsync($"{provider.Issuer}/.well-known/oauth-authorization-server"));

        metadata.TryGetProperty("registration_endpoint", out _).Should().BeFalse();
    }
}
