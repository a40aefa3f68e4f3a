using System.Web;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>How programs get to the personal database's MCP endpoint, and how they do not.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PersonalDbSignInTests
{
    private PersonalDbProgram program = null!;

    [OneTimeSetUp]
    public async Task Start() => program = await PersonalDbProgram.OpenAsync();

    [OneTimeTearDown]
    public async Task Stop() => await program.DisposeAsync();

    [Test]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Location")]
    public async Task Without_a_token_it_says_where_tokens_come_from()
    {
        var answer = await program.Nobody().PostAsync("api/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" });

        answer.Status.Should().Be(401);
        var challenge = AuthenticationChallenge.Parse([answer.Headers["WWW-Authenticate"]]).Single();
        challenge["resource_metadata"].Should().Be(program.Server.At(".well-known/oauth-protected-resource/api/mcp"));
        var resource = (await program.Nobody().GetAsync(".well-known/oauth-protected-resource/api/mcp")).Json;
        resource.Text("resource").Should().Be(program.Server.At("api/mcp"));
        resource.GetProperty("authorization_servers").ToString().Should().Be($"[\"{Issuer}\"]");
        resource.GetProperty("scopes_supported").ToString().Should().Be("""["entities:read","entities:write","schemas:read"]""");
    }

    [Test]
    public async Task The_authorization_servers_paths_are_those_of_the_seed()
    {
        var metadata = (await program.Nobody().GetAsync(".well-known/oauth-authorization-server")).Json;

        metadata.Text("issuer").Should().Be(Issuer);
        metadata.Text("authorization_endpoint").Should().Be($"{Issuer}/api/oauth/authorize");
        metadata.Text("token_endpoint").Should().Be($"{Issuer}/api/oauth/token");
        metadata.Text("registration_endpoint").Should().Be($"{Issuer}/api/oauth/register");
        metadata.GetProperty("code_challenge_methods_supported").ToString().Should().Be("""["S256"]""");
    }

    [Test]
    public async Task A_sessions_token_is_no_access_token_and_an_access_token_no_sessions()
    {
        var user = await program.RegisterAsync("tokens");
        using var person = PersonalDbAgent.Browser("tokens");
        var authorization = PersonalDbAgent.SignInBy(person);
        await (await program.ConnectAsync(authorization)).DisposeAsync();
        var tokens = await authorization.Tokens.FindLatestAsync(program.Server.At("api/mcp"), authorization.Profile);

        var atMcp = await user.PostAsync("api/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" });
        var atRest = await new RestCaller(program.Server.Root, tokens!.AccessToken).GetAsync("api/schemas");

        atMcp.Status.Should().Be(401);
        atMcp.Headers["WWW-Authenticate"].Should().Contain("invalid_token");
        atRest.Status.Should().Be(401);
    }

    [Test]
    public async Task The_cookie_of_a_sign_in_is_good_for_nothing_at_the_endpoint_itself()
    {
        var user = await program.RegisterAsync("cookie-alone");

        var answer = await program.Nobody().SendAsync(
            "POST", "api/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" }, ("Cookie", $"session={user.Token}"));

        answer.Status.Should().Be(401);
    }

    [Test]
    public async Task Who_has_signed_in_over_rest_is_asked_for_leave_and_not_for_a_password()
    {
        var user = await program.RegisterAsync("known-already");
        Uri? asked = null;
        var authorization = PersonalDbAgent.SignInBy(PersonalDbAgent.Browser("nobody")) with
        {
            SignIn = new DelegateSignIn(new Uri("http://127.0.0.1:1/callback"), (address, _) =>
            {
                asked = address;
                throw new OperationCanceledException();
            }),
        };
        await FluentActions.Awaiting(() => program.ConnectAsync(authorization)).Should().ThrowAsync<Exception>();
        HttpUtility.ParseQueryString(asked!.Query)["scope"].Should().Be("entities:read entities:write schemas:read");

        var stranger = await program.Nobody().GetAsync(asked.PathAndQuery[1..]);
        var known = await program.Nobody().SendAsync("GET", asked.PathAndQuery[1..], null, ("Cookie", $"session={user.Token}"));

        stranger.Text.Should().Contain("type=\"password\"");
        known.Text.Should().NotContain("type=\"password\"").And.Contain("known-already").And.Contain("An agent")
            .And.Contain("Create, change and delete your entities").And.NotContain("Create, change and delete schemas");
    }

    [Test]
    public async Task A_wrong_password_lets_nobody_in()
    {
        await program.RegisterAsync("forgetful");
        using var person = new Person("forgetful", "not the password");

        await FluentActions.Awaiting(() => program.ConnectAsync(person)).Should().ThrowAsync<Exception>();
    }

    [Test]
    public async Task Who_was_let_in_stays_in_though_the_process_is_killed()
    {
        await using var own = await PersonalDbProgram.OpenAsync();
        using var person = PersonalDbAgent.Browser(PersonalDbProgram.Administrator);
        var authorization = PersonalDbAgent.SignInBy(person);
        await (await own.ConnectAsync(authorization)).DisposeAsync();
        await own.KillAsync();
        await own.StartAsync();

        await using var client = await own.ConnectAsync(authorization with { SignIn = null });

        (await client.AnswerAsync("entities-list", new { })).Should().Be("""{"entities":[],"nextCursor":null}""");
    }

    private string Issuer => program.Server.Root.AbsoluteUri.TrimEnd('/');
}
