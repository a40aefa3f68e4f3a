using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>From the browser to the token.</summary>
public sealed class CodeFlowTests
{
    [Test]
    [AuthorizationRequirement("AS10", "AS11", "AS13")]
    [Spec("2026-07-28 basic/authorization §Authorization Response Validation")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Token Audience Binding and Validation")]
    public async Task Somebody_signs_in_and_agrees_and_the_client_gets_a_token_for_the_one_resource()
    {
        await using var world = await StartAsync();
        using var person = new Person();
        var asked = new Asked();

        var answer = await person.AllowAsync(world.Authorization(asked));
        answer.GetLeftPart(UriPartial.Path).Should().Be(Callback);
        Parameter(answer, "state").Should().Be("a state");
        Parameter(answer, "iss").Should().Be(world.Server.Issuer);
        CodeOf(answer).Should().HaveLength(43, "that is 256 bits");

        var token = await world.RedeemAsync(asked, CodeOf(answer));
        token.Headers["Cache-Control"].Should().Be("no-store");
        token.Headers["Content-Type"].Should().Be("application/json");
        token.Tokens.TokenType.Should().Be("Bearer");
        token.Tokens.ExpiresIn.Should().Be(3600);
        token.Tokens.Scope.Should().Be("notes:read");
        token.Tokens.RefreshToken.Should().NotBeNull();

        var access = await world.Server.Verifier.VerifyAsync(token.Tokens.AccessToken);
        access.Audiences.Should().Equal(Resource);
        access.Scopes.Should().Equal("notes:read");
        access.ClientId.Should().Be("native");
        access.Issuer.Should().Be(world.Server.Issuer);
        access.Principal.Identity!.Name.Should().Be("user-1");
        access.Principal.FindFirst("sub")!.Issuer.Should().Be(world.Server.Issuer);
    }

    [Test]
    [AuthorizationRequirement("AS10")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Authorization Code Protection")]
    public async Task A_code_is_good_once_and_who_brings_it_again_ends_what_came_of_it()
    {
        await using var world = await StartAsync();
        var (asked, code) = await CodeAsync(world);
        var tokens = (await world.RedeemAsync(asked, code)).Tokens;

        var replay = await world.RedeemAsync(asked, code);
        replay.Status.Should().Be(400);
        replay.Error.Should().Be("invalid_grant");
        replay.Json.GetProperty("error_description").GetString().Should().Contain("used before").And.Contain("revoked");

        var use = async () => await world.Server.Verifier.VerifyAsync(tokens.AccessToken);
        await use.Should().ThrowAsync<InvalidTokenException>().WithMessage("*revoked*");
        (await world.RefreshAsync(tokens.RefreshToken)).Error.Should().Be("invalid_grant");
    }

    [Test]
    [AuthorizationRequirement("AS10")]
    public async Task Of_two_who_bring_a_code_and_both_found_it_unused_one_gets_tokens()
    {
        await using var world = await StartAsync(options => options with { Store = new MeetingStore("code", guests: 2) });
        var (asked, code) = await CodeAsync(world);
        var answers = await Task.WhenAll(world.RedeemAsync(asked, code), world.RedeemAsync(asked, code));
        answers.Select(answer => answer.Status).Should().BeEquivalentTo([200, 400]);
    }

    [Test]
    [AuthorizationRequirement("AS10")]
    public async Task Of_all_who_bring_a_code_at_the_same_moment_at_most_one_gets_tokens()
    {
        await using var world = await StartAsync();
        var (asked, code) = await CodeAsync(world);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.RedeemAsync(asked, code)));
        answers.Count(answer => answer.Status == 200).Should().Be(1);
        answers.Where(answer => answer.Status != 200).Should().OnlyContain(answer => answer.Error == "invalid_grant");

        var use = async () => await world.Server.Verifier.VerifyAsync(answers.Single(answer => answer.Status == 200).Tokens.AccessToken);
        await use.Should().ThrowAsync<InvalidTokenException>("somebody else had the code too");
    }

    [TestCase("code", "unknown", "invalid_grant")]
    [TestCase("code", null, "invalid_request")]
    [TestCase("code_verifier", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong", "invalid_grant")]
    [TestCase("code_verifier", "short", "invalid_grant")]
    [TestCase("code_verifier", null, "invalid_request")]
    [TestCase("redirect_uri", "http://127.0.0.1:7778/callback", "invalid_grant")]
    [TestCase("client_id", "web", "invalid_grant")]
    [TestCase("resource", "https://other.example/mcp", "invalid_target")]
    [TestCase("grant_type", "password", "unsupported_grant_type")]
    [TestCase("grant_type", null, "invalid_request")]
    [AuthorizationRequirement("AS10", "AS11", "AS14")]
    public async Task What_does_not_fit_is_refused_and_the_code_is_still_good_for_its_client(string name, string? value, string error)
    {
        await using var world = await StartAsync();
        var (asked, code) = await CodeAsync(world);
        var refused = await world.RedeemAsync(asked, code, (name, value));
        refused.Status.Should().Be(400);
        refused.Error.Should().Be(error);
        refused.Headers["Cache-Control"].Should().Be("no-store");

        (await world.RedeemAsync(asked, code, ("redirect_uri", Callback), ("resource", Resource))).Status.Should().Be(200);
    }

    [Test]
    [AuthorizationRequirement("AS11")]
    public async Task A_client_that_is_not_known_gets_401()
    {
        await using var world = await StartAsync();
        var (asked, code) = await CodeAsync(world);
        var refused = await world.RedeemAsync(asked, code, ("client_id", "nobody"));
        refused.Status.Should().Be(401);
        refused.Error.Should().Be("invalid_client");
    }

    [Test]
    [AuthorizationRequirement("AS10")]
    public async Task A_code_is_good_for_a_minute()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with { TimeProvider = time });
        var (asked, code) = await CodeAsync(world);
        time.Advance(TimeSpan.FromSeconds(59));
        var (other, late) = await CodeAsync(world);
        (await world.RedeemAsync(asked, code)).Status.Should().Be(200);
        time.Advance(TimeSpan.FromSeconds(60));
        (await world.RedeemAsync(other, late)).Error.Should().Be("invalid_grant");
    }

    [Test]
    public async Task A_client_that_is_not_registered_for_refresh_tokens_gets_none()
    {
        var brief = NewClient("brief", Callback);
        await using var world = await StartAsync(options => options with { Clients = [brief with { Metadata = brief.Metadata with { GrantTypes = null } }] });
        using var person = new Person();
        var asked = new Asked();
        var code = CodeOf(await person.AllowAsync(world.Authorization(asked, ("client_id", "brief"))));
        (await world.RedeemAsync(asked, code, ("client_id", "brief"))).Tokens.RefreshToken.Should().BeNull();
        (await world.PostAsync("/token", "grant_type=refresh_token&client_id=brief&refresh_token=x")).Error.Should().Be("unauthorized_client");
    }

    [Test]
    [AuthorizationRequirement("AS11")]
    public async Task A_frontend_may_send_JSON()
    {
        await using var world = await StartAsync();
        var (asked, code) = await CodeAsync(world);
        var body = $$"""{"grant_type":"authorization_code","client_id":"native","code":"{{code}}","code_verifier":"{{asked.Verifier}}","redirect_uri":"{{Callback}}"}""";
        (await world.PostAsync("/token", body, "application/json")).Tokens.AccessToken.Should().NotBeEmpty();
    }

    [TestCase("""{"client_id":"native","client_id":"web"}""", "application/json", 400)]
    [TestCase("""{"client_id":1}""", "application/json", 400)]
    [TestCase("""{"client_id":{"a":{"b":1}}}""", "application/json", 400)]
    [TestCase("""["client_id"]""", "application/json", 400)]
    [TestCase("client_id", "application/json", 400)]
    [TestCase("grant_type=a&grant_type=b", "application/x-www-form-urlencoded", 400)]
    [TestCase("grant_type=%", "application/x-www-form-urlencoded", 400)]
    [TestCase("", "application/x-www-form-urlencoded", 401)]
    [TestCase("client_id=native", "text/plain", 415)]
    public async Task A_body_that_is_no_form_is_refused_as_one(string body, string type, int status)
    {
        await using var world = await StartAsync();
        var answer = await world.PostAsync("/token", body, type);
        answer.Status.Should().BeOneOf(status, 400);
        answer.Error.Should().BeOneOf("invalid_request", "invalid_client");
    }

    [Test]
    public async Task A_body_of_any_length_is_not_read()
    {
        await using var world = await StartAsync();
        var answer = await world.PostAsync("/token", "client_id=" + new string('x', 70_000));
        answer.Status.Should().Be(413);
        var many = string.Join('&', Enumerable.Range(0, 101).Select(number => $"p{number}=1"));
        (await world.PostAsync("/token", many)).Error.Should().Be("invalid_request");
    }

    [Test]
    [Spec("2025-03-26 basic/authorization §Session Binding Requirements")]
    public async Task Somebody_who_is_not_served_any_more_gets_no_token_and_those_he_had_are_worth_nothing()
    {
        var active = true;
        await using var world = await StartAsync(options => options with { IsUserActiveAsync = (_, _) => new(active) });
        var tokens = await world.TokensAsync();
        var (asked, code) = await CodeAsync(world);
        active = false;

        var use = async () => await world.Server.Verifier.VerifyAsync(tokens.AccessToken);
        await use.Should().ThrowAsync<InvalidTokenException>().WithMessage("*not served*");
        (await world.RedeemAsync(asked, code)).Error.Should().Be("invalid_grant");
        (await world.RefreshAsync(tokens.RefreshToken)).Error.Should().Be("invalid_grant");

        active = true;
        await use.Should().ThrowAsync<InvalidTokenException>("what ended has ended").WithMessage("*revoked*");
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Token Theft", 1, AtEveryRevision = true)]
    public async Task No_secret_stands_in_a_log_or_as_it_is_in_the_store()
    {
        using var log = new RecordedLog();
        var store = new WatchedStore();
        await using var world = await StartAsync(options => options with { LoggerFactory = log, Store = store });
        using var person = new Person();
        var asked = new Asked();
        var code = CodeOf(await person.AllowAsync(world.Authorization(asked)));
        var tokens = (await world.RedeemAsync(asked, code)).Tokens;
        await world.RedeemAsync(asked, code);
        await world.RefreshAsync(tokens.RefreshToken);

        string[] secrets =
        [
            "countess", asked.Verifier, code, tokens.AccessToken, tokens.RefreshToken!,
            person.Cookies.GetCookieHeader(world.Address).Split('=')[1],
        ];
        foreach (var secret in secrets)
        {
            log.Lines.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
            store.Written.Should().NotContain(text => text.Contains(secret, StringComparison.Ordinal));
        }

        store.Written.Should().Contain(text => text.Contains("user-1", StringComparison.Ordinal), "it was looked at");
    }

    internal static async Task<(Asked Asked, string Code)> CodeAsync(SmallWorld world)
    {
        using var person = new Person();
        var asked = new Asked();
        return (asked, CodeOf(await person.AllowAsync(world.Authorization(asked))));
    }
}
