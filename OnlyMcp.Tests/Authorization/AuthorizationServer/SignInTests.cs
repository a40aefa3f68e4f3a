using System.Net;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>Who a person is, and how a page of another site fails to speak for him.</summary>
public sealed class SignInTests
{
    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task A_wrong_password_is_told_on_the_page_that_asked()
    {
        await using var world = await StartAsync();
        using var person = new Person(password: "wrong");
        var page = await person.SignInAsync(world.Authorization(new Asked()));

        page.Status.Should().Be(403);
        page.Html.Should().Contain("do not belong together").And.Contain("role=\"alert\"").And.Contain("value=\"ada\"").And.NotContain("wrong\"");
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task Attempts_are_limited_for_each_name_until_some_time_has_passed()
    {
        var time = new ManualTime();
        var asked = 0;
        await using var world = await StartAsync(options => options with
        {
            TimeProvider = time,
            SignInAttempts = 3,
            SignInAsync = (name, password, _) => new(++asked > 0 && password == "countess" ? new SignedInUser(name) : null),
        });
        using var guesser = new Person(password: "guess");
        for (var guess = 0; guess < 3; guess++)
            (await guesser.SignInAsync(world.Authorization(new Asked()))).Status.Should().Be(403);

        using var ada = new Person("ADA ");
        var late = await ada.SignInAsync(world.Authorization(new Asked()));
        late.Status.Should().Be(429);
        int.Parse(late.Headers["Retry-After"]).Should().BeInRange(1, 600);
        late.Html.Should().Contain("too many attempts");
        asked.Should().Be(3, "a password that comes too late is not looked at");

        using var bob = new Person("bob");
        (await bob.SignInAsync(world.Authorization(new Asked()))).Html.Should().Contain("Allow");

        time.Advance(TimeSpan.FromMinutes(10));
        (await ada.SignInAsync(world.Authorization(new Asked()))).Html.Should().Contain("Allow");
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task Attempts_are_limited_for_each_address_whatever_the_names()
    {
        var from = IPAddress.Parse("203.0.113.7");
        await using var world = await StartAsync(options => options with
        {
            TimeProvider = new ManualTime(),
            SignInAttempts = 2,
            ClientAddress = _ => from,
        });
        for (var guess = 0; guess < 10; guess++)
        {
            using var guesser = new Person($"name-{guess}");
            (await guesser.SignInAsync(world.Authorization(new Asked()))).Status.Should().Be(403);
        }

        using var ada = new Person();
        (await ada.SignInAsync(world.Authorization(new Asked()))).Status.Should().Be(429);
        from = IPAddress.Parse("203.0.113.8");
        (await ada.SignInAsync(world.Authorization(new Asked()))).Status.Should().Be(200);
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task What_is_refused_for_its_address_does_not_count_against_the_name()
    {
        var from = IPAddress.Parse("203.0.113.7");
        await using var world = await StartAsync(options => options with
        {
            TimeProvider = new ManualTime(),
            SignInAttempts = 1,
            ClientAddress = _ => from,
        });
        for (var guess = 0; guess < 5; guess++)
        {
            using var guesser = new Person($"name-{guess}");
            (await guesser.SignInAsync(world.Authorization(new Asked()))).Status.Should().Be(403);
        }

        using var attacker = new Person(password: "guess");
        (await attacker.SignInAsync(world.Authorization(new Asked()))).Status.Should().Be(429);
        from = IPAddress.Parse("203.0.113.8");
        using var ada = new Person();
        (await ada.SignInAsync(world.Authorization(new Asked()))).Status.Should().Be(200);
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem")]
    public async Task A_form_fits_the_browser_the_person_and_the_request_that_it_was_shown_for()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        using var attacker = new Person();
        var shown = await ada.SignInAsync(world.Authorization(new Asked()));
        var foreign = await attacker.SignInAsync(world.Authorization(new Asked()));
        var other = world.Authorization(new Asked(), ("scope", "notes:write"));

        // Made up, the attacker's own, and the right one under another request.
        foreach (var (address, token) in new[] { (shown.Address, "made up"), (shown.Address, foreign.FormToken), (other, shown.FormToken) })
        {
            var refused = await ada.PostAsync(address, ("form_token", token!), ("decision", "allow"));
            refused.Status.Should().Be(403);
            refused.GoesTo.Should().BeNull();
        }

        (await ada.SubmitAsync(shown, "allow")).GoesTo.Should().NotBeNull();
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task A_form_that_one_person_was_shown_agrees_to_nothing_for_the_next_at_the_same_browser()
    {
        var current = new SignedInUser("user-1", "Ada");
        await using var world = await StartAsync(options => options with { CurrentUserAsync = (_, _) => new(current) });
        using var browser = new Person();
        var shown = await browser.VisitAsync(world.Authorization(new Asked()));
        shown.Html.Should().Contain("Ada").And.Contain("value=\"allow\"");

        current = new SignedInUser("user-2", "Bob");
        var refused = await browser.SubmitAsync(shown, "allow");
        (refused.Status, refused.GoesTo).Should().Be((403, null));

        current = new SignedInUser("user-1", "Ada");
        (await browser.SubmitAsync(shown, "allow")).GoesTo.Should().NotBeNull();
    }

    [Test]
    public async Task A_form_from_before_the_sign_in_does_not_agree_to_anything_after_it()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        var before = await ada.VisitAsync(world.Authorization(new Asked()));
        await ada.SubmitAsync(before, "sign-in", ("username", "ada"), ("password", "countess"));

        (await ada.SubmitAsync(before, "allow")).Status.Should().Be(403);
        (await ada.SubmitAsync(before, "sign-in", ("username", "ada"), ("password", "countess"))).Status.Should().Be(403);
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task Signing_in_gives_a_new_cookie_so_that_one_that_was_planted_is_worth_nothing()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        await ada.VisitAsync(world.Authorization(new Asked()));
        var planted = ada.Cookies.GetCookieHeader(world.Address);
        await ada.SignInAsync(world.Authorization(new Asked()));
        ada.Cookies.GetCookieHeader(world.Address).Should().NotBe(planted);

        (await world.SendAsync(HttpMethod.Get, world.Authorization(new Asked()).PathAndQuery, ("Cookie", planted)))
            .Text.Should().Contain("type=\"password\"");
    }

    [TestCase("https://login.example.com", "__Host-sign-in", "; Path=/; HttpOnly; SameSite=Lax; Secure")]
    [TestCase("http://127.0.0.1:3001", "sign-in-3001", "; Path=/; HttpOnly; SameSite=Lax")]
    public async Task The_cookie_is_for_this_host_alone_and_for_no_script(string issuer, string name, string attributes)
    {
        var server = new AuthorizationServer(Options with { Issuer = issuer });
        await using var world = await StartAsync();
        var http = new FakeHttpExchange("GET", world.Authorization(new Asked()).PathAndQuery);
        await server.HandleAsync(http);

        http.ResponseHeaders["Set-Cookie"].Should().StartWith($"{name}=").And.EndWith(attributes);
        http.ResponseHeaders["Set-Cookie"].Should().HaveLength(name.Length + 1 + 43 + attributes.Length);
    }

    [Test]
    public async Task Of_two_cookies_with_the_name_of_ours_neither_counts()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        await ada.SignInAsync(world.Authorization(new Asked()));
        var cookie = ada.Cookies.GetCookieHeader(world.Address);
        var twice = $"{cookie.Split('=')[0]}={new string('x', 43)}; {cookie}";
        var address = world.Authorization(new Asked()).PathAndQuery;

        (await world.SendAsync(HttpMethod.Get, address, ("Cookie", cookie))).Text.Should().Contain("Allow");
        (await world.SendAsync(HttpMethod.Get, address, ("Cookie", twice))).Text.Should().Contain("type=\"password\"");
    }

    [Test]
    public async Task Somebody_stays_signed_in_for_a_while_and_can_sign_out()
    {
        var time = new ManualTime();
        await using var world = await StartAsync(options => options with { TimeProvider = time, SignInLifetime = TimeSpan.FromHours(1) });
        using var ada = new Person();
        await ada.SignInAsync(world.Authorization(new Asked()));

        var page = await ada.VisitAsync(world.Authorization(new Asked()));
        page.Html.Should().Contain("You are signed in as").And.Contain("Ada");
        (await ada.SubmitAsync(page, "sign-out")).Html.Should().Contain("type=\"password\"");
        (await ada.VisitAsync(world.Authorization(new Asked()))).Html.Should().Contain("type=\"password\"");

        await ada.SignInAsync(world.Authorization(new Asked()));
        time.Advance(TimeSpan.FromHours(1));
        (await ada.VisitAsync(world.Authorization(new Asked()))).Html.Should().Contain("type=\"password\"");
    }

    [Test]
    public async Task Who_says_no_at_the_sign_in_is_taken_back_with_that()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        var page = await ada.SubmitAsync(await ada.VisitAsync(world.Authorization(new Asked())), "deny");
        Parameter(page.GoesTo!, "error").Should().Be("access_denied");
        Parameter(page.GoesTo!, "iss").Should().Be(world.Server.Issuer);
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    [Spec("2025-03-26 basic/authorization §Session Binding Requirements")]
    public async Task An_application_may_know_already_who_it_is_and_sends_him_to_its_own_page_if_not()
    {
        await using var world = await StartAsync(options => options with
        {
            SignInAsync = null,
            SignInAddress = new Uri("https://app.example.com/login?from=mcp"),
            CurrentUserAsync = (http, _) => new(http.Header("Cookie")?.Contains("session=ada", StringComparison.Ordinal) == true ? new SignedInUser("user-1") : null),
        });
        using var ada = new Person();
        var authorization = world.Authorization(new Asked());
        var elsewhere = await ada.VisitAsync(authorization);
        elsewhere.GoesTo!.AbsoluteUri.Should().StartWith("https://app.example.com/login?from=mcp&return_to=");
        Parameter(elsewhere.GoesTo, "return_to").Should().Be(authorization.AbsoluteUri);

        ada.Cookies.Add(world.Address, new Cookie("session", "ada"));
        (await ada.VisitAsync(authorization)).Html.Should().MatchRegex(
            """<a href="https://app\.example\.com/login\?from=mcp&amp;return_to=[^"]+">Not you\?</a>""", "a form of ours would change nothing");
        var answer = await ada.AllowAsync(authorization);
        CodeOf(answer).Should().NotBeEmpty("after the page that asks, and not before it");
    }

    [Test]
    public async Task Whom_an_application_without_such_a_page_knows_is_not_offered_to_be_somebody_else()
    {
        await using var world = await StartAsync(options => options with { CurrentUserAsync = (_, _) => new(new SignedInUser("user-1")) });
        using var ada = new Person();

        (await ada.VisitAsync(world.Authorization(new Asked()))).Html.Should().Contain("signed in as").And.NotContain("Not you?");
    }

    [Test]
    public async Task Where_nobody_can_sign_in_the_page_says_what_to_do()
    {
        await using var world = await StartAsync(options => options with { SignInAsync = null });
        using var person = new Person();
        var page = await person.VisitAsync(world.Authorization(new Asked()));
        page.Status.Should().Be(403);
        page.Html.Should().Contain("Sign in to the service first").And.NotContain("<form");
    }

    [Test]
    public async Task What_an_application_breaks_is_told_on_a_page_and_logged_without_the_password()
    {
        using var log = new RecordedLog();
        await using var world = await StartAsync(options => options with
        {
            LoggerFactory = log,
            SignInAsync = (_, _, _) => throw new InvalidOperationException("the directory is away"),
        });
        using var ada = new Person();
        var page = await ada.SignInAsync(world.Authorization(new Asked()));

        page.Status.Should().Be(500);
        page.Headers["Content-Type"].Should().StartWith("text/html");
        page.Html.Should().NotContain("directory");
        log.Exceptions.Should().ContainSingle().Which.Message.Should().Be("the directory is away");
        log.Lines.Should().NotContain(line => line.Contains("countess", StringComparison.Ordinal));
    }
}
