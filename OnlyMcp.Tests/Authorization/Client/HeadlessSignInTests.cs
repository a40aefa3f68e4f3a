using System.Net;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>The person and the browser of other tests, against pages as two authorization servers have them, and the listener of a client.</summary>
public sealed class HeadlessSignInTests
{
    /// <summary>One page asks for a name and a password, the next for consent; each form has a button for either way.</summary>
    private const string LoginWithChoice = """
        <p class="note">No script here</p><form method="post"><input type="hidden" name="form_token" value="a&amp;b">
        <input id="username" name="username" value="" required autofocus><input id="password" name="password" type="password">
        <button name="decision" value="sign-in">Sign in</button><button name="decision" value="deny">Cancel</button></form>
        """;

    private const string ConsentWithChoice = """
        <form method="post" class="inline"><input type="hidden" name="form_token" value="a&amp;b"><button name="decision" value="sign-out">Not you?</button></form>
        <form method="post"><input type="hidden" name="form_token" value="a&amp;b">
        <button class="first" name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button></form>
        """;

    /// <summary>Forms with an address of their own, one button without a name, and a link for who does not want to.</summary>
    private const string LoginWithLink = """
        <form autocomplete="off" action="/interaction/1/login" method="post"><input type="hidden" name="prompt" value="login"/>
        <input required type="text" name="login" placeholder="Enter any login"><input required type="password" name="password">
        <button type="submit" class="login">Sign-in</button></form><div><a href="/interaction/1/abort">[ Cancel ]</a></div>
        """;

    private const string ConsentWithLink = """
        <form autocomplete="off" action="/interaction/1/confirm" method="post"><input type="hidden" name="prompt" value="consent"/>
        <button autofocus type="submit" class="login">Continue</button></form><div><a href="/interaction/1/abort">[ Cancel ]</a></div>
        """;

    [TestCase(false, "code=c&state=s")]
    [TestCase(true, "error=access_denied&state=s")]
    public async Task Forms_with_a_button_for_either_way_are_answered_and_a_page_that_goes_on_is_left(bool denies, string answer)
    {
        await using var server = new ScriptedHttpServer(call => (call.Verb, Cookie: call.Header("Cookie"), call.Body) switch
        {
            ("GET", null, _) => call.RespondAsync(200, "text/html", LoginWithChoice, "Set-Cookie: sign-in=1; Path=/; HttpOnly; SameSite=Lax\r\n"),
            (_, "sign-in=1", "form_token=a%26b&username=alice&password=secret&decision=sign-in") =>
                call.RespondAsync(303, headers: $"Set-Cookie: sign-in=2; Path=/\r\nLocation: {call.Target}\r\n"),
            ("GET", "sign-in=2", _) => call.RespondAsync(200, "text/html", ConsentWithChoice),
            (_, "sign-in=2", "form_token=a%26b&decision=allow") => call.RespondAsync(200, "text/html", Leaving("code=c&state=s")),
            (_, "sign-in=2", "form_token=a%26b&decision=deny") => call.RespondAsync(200, "text/html", Leaving("error=access_denied&state=s")),
            _ => call.RespondAsync(400),
        });
        using var person = new HeadlessSignIn { Denies = denies };
        await using var attempt = await person.ByDelegate().BeginAsync();

        var callback = await attempt.SignInAsync(AddressOf(server, attempt));

        callback.Should().Be(new Uri($"http://127.0.0.1:1455/callback?{answer}"));
        person.Steps.Should().HaveCount(4);
        person.SignIns.Should().Be(1);

        static string Leaving(string query) =>
            $"""<meta http-equiv="refresh" content="0; url=http://127.0.0.1:1455/callback?{WebUtility.HtmlEncode(query)}"><a href="#">Continue</a>""";
    }

    [TestCase(false, "code")]
    [TestCase(true, "error")]
    public async Task Forms_with_one_button_are_answered_and_cookies_are_kept_by_their_path(bool denies, string answer)
    {
        string callback = "";
        await using var server = new ScriptedHttpServer(call => (call.Verb, call.Target.Split('?')[0], call.Header("Cookie"), call.Body) switch
        {
            ("GET", "/auth", null, _) => call.RespondAsync(303, headers:
                "Set-Cookie: interaction=1; path=/interaction/1; httponly\r\nSet-Cookie: resume=1; path=/auth/1\r\nLocation: /interaction/1\r\n"),
            ("GET", "/interaction/1", "interaction=1", _) => call.RespondAsync(200, "text/html", LoginWithLink),
            ("POST", "/interaction/1/login", "interaction=1", "prompt=login&login=alice&password=secret") =>
                call.RespondAsync(303, headers: "Location: /auth/1\r\n"),
            ("GET", "/auth/1", "resume=1", _) => call.RespondAsync(303, headers:
                "Set-Cookie: resume=; path=/auth/1; expires=Thu, 01 Jan 1970 00:00:00 GMT\r\nLocation: /interaction/1/consent\r\n"),
            ("GET", "/interaction/1/consent", "interaction=1", _) => call.RespondAsync(200, "text/html", ConsentWithLink),
            ("POST", "/interaction/1/confirm", "interaction=1", "prompt=consent") => call.RespondAsync(303, headers: $"Location: {callback}?code=c&state=s\r\n"),
            ("GET", "/interaction/1/abort", "interaction=1", _) => call.RespondAsync(303, headers: $"Location: {callback}?error=access_denied&state=s\r\n"),
            _ => call.RespondAsync(400),
        }, "/auth");
        using var person = new HeadlessSignIn { Denies = denies };
        await using var attempt = await person.InBrowser().BeginAsync();
        callback = attempt.RedirectUri.AbsoluteUri;

        var answered = await attempt.SignInAsync(AddressOf(server, attempt));

        answered.Query.Should().StartWith($"?{answer}=").And.EndWith("&state=s");
    }

    [Test]
    public async Task A_password_that_is_wrong_ends_it()
    {
        await using var server = new ScriptedHttpServer(call => call.RespondAsync(200, "text/html", "<h1>Wrong</h1>" + LoginWithChoice));
        using var person = new HeadlessSignIn();

        await person.Awaiting(p => p.SignInAsync(new Uri($"{server.Url}?redirect_uri=http%3A%2F%2F127.0.0.1%3A1455%2Fcallback")))
            .Should().ThrowAsync<InvalidOperationException>().WithMessage("*can do nothing: Wrong No script here*");
        server.Calls.Should().HaveCount(2);
    }

    private static Uri AddressOf(ScriptedHttpServer server, ISignInAttempt attempt) =>
        new($"{server.Url}?state=s&redirect_uri={Uri.EscapeDataString(attempt.RedirectUri.AbsoluteUri)}");
}
