using System.Text.Json.Nodes;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>From the browser to the token, for clients that made themselves known.</summary>
public sealed class KnownClientsFlowTests
{
    [TestCase("none")]
    [TestCase("client_secret_post")]
    [AuthorizationRequirement("AS5")]
    [Spec("2025-03-26 basic/authorization §Dynamic Client Registration")]
    public async Task A_client_that_registered_itself_is_served_and_kept_longer_from_then_on(string method)
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with { TimeProvider = time });
        var registered = (await world.PostAsync("/register", Said(method).ToJsonString(), "application/json")).Json;
        var id = registered.GetProperty("client_id").GetString()!;
        var secret = registered.TryGetProperty("client_secret", out var value) ? value.GetString() : null;

        var tokens = await SignInAsync(world, id, secret);

        tokens.Status.Should().Be(200);
        tokens.Tokens.RefreshToken.Should().NotBeNull("it registered for it");
        time.Advance(TimeSpan.FromDays(89));
        (await world.Server.Clients.FindAsync(id, default)).Should().NotBeNull();
        time.Advance(TimeSpan.FromDays(1));
        (await world.Server.Clients.FindAsync(id, default)).Should().BeNull();
        (await world.RedeemAsync(new Asked(), "code", ("client_id", id), ("client_secret", secret))).Error.Should().Be("invalid_client");
    }

    [Test]
    [AuthorizationRequirement("AS5")]
    public async Task A_client_whose_person_said_nothing_is_forgotten()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with { TimeProvider = time });
        var id = (await world.PostAsync("/register", Said("none").ToJsonString(), "application/json")).Json.GetProperty("client_id").GetString()!;

        (await world.RedeemAsync(new Asked(), "guess", ("client_id", id))).Error.Should().Be("invalid_grant");
        time.Advance(TimeSpan.FromDays(1));

        (await world.Server.Clients.FindAsync(id, default)).Should().BeNull("to ask is not to get a token");
    }

    [Test]
    [AuthorizationRequirement("AS6")]
    [Spec("2026-07-28 basic/authorization/client-registration §Client ID Metadata Documents Flow")]
    [Spec("2026-07-28 basic/authorization/client-registration §Implementation Requirements", 7, AtEveryRevision = true)]
    public async Task A_client_with_a_document_is_served_at_the_addresses_in_it_and_at_no_other()
    {
        await using var web = new ScriptedHttpServer(
            call =>
            {
                var said = Said("none");
                said["client_id"] = $"http://{call.Header("Host")}{call.Target}";
                return call.JsonAsync(said.ToJsonString());
            },
            "/client.json");
        await using var world = await StartAsync(options => options with { AllowsLoopbackClientDocuments = true });
        using var person = new Person();

        (await SignInAsync(world, web.Url.ToString(), null)).Status.Should().Be(200);
        var elsewhere = await person.VisitAsync(world.Authorization(
            new Asked(), ("client_id", web.Url.ToString()), ("redirect_uri", "https://evil.example/")));

        elsewhere.Status.Should().Be(400);
        elsewhere.GoesTo.Should().BeNull("nobody is sent there");
    }

    private static JsonObject Said(string method) => new()
    {
        ["client_name"] = "A program",
        ["redirect_uris"] = new JsonArray(Callback),
        ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
        ["token_endpoint_auth_method"] = method,
    };

    private static async Task<EndpointAnswer> SignInAsync(SmallWorld world, string id, string? secret)
    {
        using var person = new Person();
        var asked = new Asked();
        var answer = await person.AllowAsync(world.Authorization(asked, ("client_id", id)));
        return await world.RedeemAsync(asked, CodeOf(answer), ("client_id", id), ("client_secret", secret));
    }
}
