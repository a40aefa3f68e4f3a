using System.Text.Json;
using System.Text.Json.Nodes;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>The peers of authorization are what the other tests take them for: they sign in to each other.</summary>
public sealed class AuthorizationPeersTests
{
    [Test]
    public async Task The_authorization_server_offers_what_clients_of_this_protocol_look_for([Values] bool registers)
    {
        await using var provider = await OidcProvider.StartAsync(new JsonObject { ["registers"] = registers });
        using var http = new HttpClient();

        var metadata = JsonElement.Parse(await http.GetStringAsync($"{provider.Issuer}/.well-known/oauth-authorization-server"));

        metadata.GetProperty("issuer").GetString().Should().Be(provider.Issuer);
        metadata.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(method => method.GetString()).Should().Equal("S256");
        metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().Should().BeTrue();
        metadata.GetProperty("client_id_metadata_document_supported").GetBoolean().Should().BeTrue();
        metadata.TryGetProperty("registration_endpoint", out _).Should().Be(registers);
    }

    [TestCase("ts-auth-v1.mjs", "ts-server-auth-v1.mjs", true, 1)]
    [TestCase("ts-auth-v2.mjs", "ts-server-auth-v2.mjs", true, 1)]
    [TestCase("ts-auth-v1.mjs", "ts-server-auth-v1.mjs", false, 2)]
    public async Task A_client_of_others_signs_in_to_a_server_of_others(string client, string server, bool throughProvider, int signIns)
    {
        await using var provider = throughProvider ? await OidcProvider.StartAsync() : null;
        await using var guarded = await Peers.StartServerAsync(server, provider?.Issuer ?? "");

        var report = await Peers.RunClientAsync(client, new JsonObject
        {
            ["url"] = guarded.Url.AbsoluteUri,
            ["name"] = "ada",
            ["calls"] = new JsonArray(new JsonObject { ["name"] = "whoami" }, new JsonObject { ["name"] = signIns == 1 ? "whoami" : "write" }),
        }.ToJsonString());

        report.GetProperty("calls")[0].GetProperty("result").GetRawText().Should().Contain(report.GetProperty("clientId").GetString());
        report.GetProperty("calls")[1].TryGetProperty("result", out _).Should().BeTrue();
        report.GetProperty("signIns").GetInt32().Should().Be(signIns, "a scope that is missing takes another");
    }
}
