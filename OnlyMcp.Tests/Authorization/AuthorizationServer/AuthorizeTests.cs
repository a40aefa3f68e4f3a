using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>What a client may send a browser with.</summary>
public sealed class AuthorizeTests
{
    [TestCase("client_id", "nobody")]
    [TestCase("client_id", null)]
    [TestCase("redirect_uri", "https://evil.example/callback")]
    [TestCase("redirect_uri", "http://127.0.0.1:7777/other")]
    [TestCase("redirect_uri", "javascript:alert(1)")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Open Redirection", 2, 3, AtEveryRevision = true)]
    [AuthorizationRequirement("AS7")]
    [Spec("2025-03-26 basic/authorization §Security Considerations", 3)]
    [Spec("2025-06-18 basic/authorization §Open Redirection")]
    public async Task Nobody_is_sent_anywhere_before_the_client_and_its_address_are_proven(string name, string? value)
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var page = await person.VisitAsync(world.Authorization(new Asked(), (name, value), ("response_type", "wrong too")));

        page.Status.Should().Be(400);
        page.GoesTo.Should().BeNull();
        page.Html.Should().Contain("This cannot be done").And.NotContain("<a ").And.NotContain("<form");
    }

    [TestCase("response_type", null, "invalid_request")]
    [TestCase("response_type", "token", "unsupported_response_type")]
    [TestCase("response_mode", "fragment", "invalid_request")]
    [TestCase("code_challenge", null, "invalid_request")]
    [TestCase("code_challenge", "short", "invalid_request")]
    [TestCase("code_challenge_method", null, "invalid_request")]
    [TestCase("code_challenge_method", "plain", "invalid_request")]
    [TestCase("scope", "notes:read admin", "invalid_scope")]
    [TestCase("scope", "\"", "invalid_scope")]
    [TestCase("resource", "https://other.example/mcp", "invalid_target")]
    [AuthorizationRequirement("AS7", "AS10")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Authorization Code Protection")]
    public async Task After_that_the_client_is_told_what_is_wrong_with_its_state_and_who_says_so(string name, string? value, string error)
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var page = await person.VisitAsync(world.Authorization(new Asked(), (name, value), ("state", "s&t=1 é")));

        page.Status.Should().Be(302);
        page.GoesTo!.GetLeftPart(UriPartial.Path).Should().Be(Callback);
        Parameter(page.GoesTo, "error").Should().Be(error);
        Parameter(page.GoesTo, "error_description").Should().NotBeNullOrEmpty();
        Parameter(page.GoesTo, "state").Should().Be("s&t=1 é");
        Parameter(page.GoesTo, "iss").Should().Be(world.Server.Issuer);
        Parameter(page.GoesTo, "code").Should().BeNull();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Open Redirection", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("AS7")]
    public async Task A_client_that_registered_itself_cannot_have_people_sent_on_by_a_mistake_of_its_own()
    {
        await using var world = await StartAsync();
        var registered = await world.PostAsync(
            "/register", """{"redirect_uris":["https://stranger.example/back"],"token_endpoint_auth_method":"none"}""", "application/json");
        using var person = new Person();
        var page = await person.VisitAsync(world.Authorization(
            new Asked(), ("client_id", registered.Json.GetProperty("client_id").GetString()), ("redirect_uri", "https://stranger.example/back"), ("scope", "wrong")));

        page.Status.Should().Be(400);
        page.GoesTo.Should().BeNull();
        page.Html.Should().Contain("stranger.example").And.Contain("href=\"https://stranger.example/back?error=invalid_scope");
    }

    [Test]
    [AuthorizationRequirement("AS10")]
    public async Task An_answer_is_added_to_the_query_that_the_address_has()
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var answer = await person.AllowAsync(world.Authorization(
            new Asked(), ("client_id", "web"), ("redirect_uri", "https://app.example.com/back?kind=1"), ("state", null)));

        answer.Query.Should().StartWith("?kind=1&code=");
        Parameter(answer, "state").Should().BeNull();
        Parameter(answer, "iss").Should().Be(world.Server.Issuer);
    }

    [Test]
    public async Task Who_has_registered_one_address_need_not_name_it()
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var asked = new Asked();
        var answer = await person.AllowAsync(world.Authorization(asked, ("redirect_uri", null)));
        answer.GetLeftPart(UriPartial.Path).Should().Be(Callback);
        (await world.RedeemAsync(asked, CodeOf(answer))).Status.Should().Be(200);
    }

    [Test]
    [AuthorizationRequirement("AS8")]
    public async Task A_program_of_the_persons_machine_chooses_its_port_when_it_starts()
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var asked = new Asked();
        var answer = await person.AllowAsync(world.Authorization(asked, ("redirect_uri", "http://127.0.0.1:50123/callback")));
        answer.Port.Should().Be(50123);
        (await world.RedeemAsync(asked, CodeOf(answer), ("redirect_uri", "http://127.0.0.1:50123/callback"))).Status.Should().Be(200);
    }

    [Test]
    [AuthorizationRequirement("AS7")]
    public async Task A_client_may_post_its_request()
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var query = System.Web.HttpUtility.ParseQueryString(world.Authorization(new Asked()).Query);
        var page = await person.PostAsync(new Uri(world.Address, "/authorize"), [.. query.AllKeys.Select(key => (key!, query[key]!))]);

        page.Html.Should().Contain("type=\"password\"");
        page.Address.Query.Should().Contain("client_id=native");
    }

    [Test]
    public async Task A_posted_request_cannot_write_headers()
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var page = await person.PostAsync(new Uri(world.Address, "/authorize"), ("client_id", "x\r\nSet-Cookie: stolen=1"));
        page.Status.Should().Be(400);
        page.Headers.Should().NotContainKey("Set-Cookie");
    }

    [TestCase("client_id=native&client_id=web")]
    [TestCase("client_id=%ff")]
    public async Task A_query_that_could_be_read_in_two_ways_is_refused_on_a_page(string query)
    {
        await using var world = await StartAsync();
        var answer = await world.GetAsync($"/authorize?{query}");
        answer.Status.Should().Be(400);
        answer.Headers["Content-Type"].Should().StartWith("text/html");
        answer.Text.Should().Contain("invalid_request");
    }

    [TestCase("a=%zz")]
    [TestCase("a=%4")]
    [TestCase("a=% 4")]
    [TestCase("a=%c0%af")]
    [TestCase("a=é")]
    [TestCase("a=1&a=1")]
    public void A_form_that_could_be_read_in_two_ways_is_refused(string form)
    {
        var parse = () => OAuthParameters.Parse(form);
        parse.Should().Throw<OAuthException>().Which.Error.Should().Be("invalid_request");
    }

    [Test]
    public void A_form_is_read_as_browsers_write_it()
    {
        var form = OAuthParameters.Parse("a=1+2%2B3&b=%C3%A9=&empty=&resource=x&resource=y&c&=d&");
        (form["a"], form["b"], form["empty"], form["c"]).Should().Be(("1 2+3", "é=", null, null));
        form.Resources.Should().Equal("x", "y");
        OAuthParameters.Parse(form.ToQuery())["a"].Should().Be("1 2+3");
    }

    [Test]
    public async Task A_query_of_any_length_is_not_read()
    {
        var http = new FakeHttpExchange("GET", "/authorize?state=" + new string('x', 9000));
        await new AuthorizationServer(Options with { Issuer = "http://127.0.0.1:3001" }).HandleAsync(http);
        http.Status.Should().Be(400);
        http.Body.Should().Contain("longer than 8192");
    }

    [Test]
    [AuthorizationRequirement("AS13")]
    [Spec("2025-03-26 basic/authorization §Introduction")]
    public async Task A_client_that_names_no_resource_means_the_only_one()
    {
        await using var world = await StartAsync();
        var tokens = await world.TokensAsync(("resource", null));
        (await world.Server.Verifier.VerifyAsync(tokens.AccessToken)).Audiences.Should().Equal(Resource);
    }

    [Test]
    [AuthorizationRequirement("AS13")]
    public async Task Among_several_resources_one_is_named_and_a_token_is_for_one()
    {
        await using var world = await StartAsync(options => options with { Resources = [Resource, "https://mcp.example.com/other"] });
        using var person = new Person();
        Parameter((await person.VisitAsync(world.Authorization(new Asked(), ("resource", null)))).GoesTo!, "error").Should().Be("invalid_target");

        var both = new Uri(world.Authorization(new Asked()).AbsoluteUri + "&resource=https%3A%2F%2Fmcp.example.com%2Fother");
        Parameter((await person.VisitAsync(both)).GoesTo!, "error").Should().Be("invalid_target");

        // In any case of its host, as clients write it.
        var tokens = await world.TokensAsync(("resource", "HTTPS://MCP.example.com/mcp"));
        (await world.Server.Verifier.VerifyAsync(tokens.AccessToken)).Audiences.Should().Equal(Resource);
    }

    [Test]
    public async Task Who_names_no_scope_asks_for_the_usual_ones()
    {
        await using var all = await StartAsync();
        (await all.TokensAsync(("scope", null))).Scope.Should().Be("notes:read notes:write");

        await using var few = await StartAsync(options => options with { DefaultScopes = ["notes:write"] });
        (await few.TokensAsync(("scope", null))).Scope.Should().Be("notes:write");
    }

    [Test]
    public async Task A_person_gives_no_more_than_he_has()
    {
        await using var world = await StartAsync(options => options with
        {
            SignInAsync = (_, _, _) => new(new SignedInUser("user-1") { Scopes = ["notes:read"] }),
        });
        (await world.TokensAsync(("scope", "notes:write notes:read"))).Scope.Should().Be("notes:read");

        using var person = new Person();
        var page = await person.SignInAsync(world.Authorization(new Asked(), ("scope", "notes:write")));
        Parameter(page.GoesTo!, "error").Should().Be("access_denied");
    }

    [Test]
    public async Task A_client_that_is_registered_for_something_else_gets_no_code()
    {
        var machine = NewClient("machine", Callback);
        await using var world = await StartAsync(options => options with
        {
            Clients = [machine with { Metadata = machine.Metadata with { GrantTypes = [GrantType.ClientCredentials] } }],
        });
        using var person = new Person();
        var page = await person.VisitAsync(world.Authorization(new Asked(), ("client_id", "machine")));
        Parameter(page.GoesTo!, "error").Should().Be("unauthorized_client");
    }
}
