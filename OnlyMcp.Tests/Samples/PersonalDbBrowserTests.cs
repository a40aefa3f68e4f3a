using System.Net;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The sample's sign-in as a person sees it: the pages of the personal database, and the client's own at the end.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PersonalDbBrowserTests
{
    private const string Client = "The sign-in sample";

    private PersonalDbProgram program = null!;

    [OneTimeSetUp]
    public async Task Start() => program = await PersonalDbProgram.OpenAsync();

    [OneTimeTearDown]
    public async Task Stop() => await program.DisposeAsync();

    [TestCase(true)]
    [TestCase(false)]
    [AuthorizationRequirement("AS9", "CL33")]
    [Spec("2026-07-28 basic/authorization §Authorization Flow Steps")]
    public async Task A_person_signs_in_lets_the_client_in_and_later_lets_it_do_more(bool runsScript)
    {
        await using var own = await PersonalDbProgram.OpenAsync();
        await using var browser = Chromium.Open(runsScript);
        await using var visitor = Visitor.Start(own);

        var signIn = await browser.VisitAsync(await visitor.AddressAsync());
        var consent = await browser.SignInAsync(PersonalDbProgram.Administrator);
        var back = await browser.PressAsync("Allow");
        var more = await browser.VisitAsync(await visitor.AddressAsync());
        var backAgain = await browser.PressAsync("Allow");

        signIn.ShouldBeSound();
        signIn.Headings.Should().Equal("Sign in");
        signIn.Text.Should().Contain($"{Client} would like to use Personal DB on your behalf");
        signIn.Focus.Should().Be("User name");
        consent.ShouldBeSound();
        consent.Headings[0].Should().Be($"Allow {Client} to use Personal DB on your behalf?");
        consent.Text.Should().Contain("Create, change and delete your entities entities:write").And.NotContain("schemas:write")
            .And.MatchRegex(@"taken to 127\.0\.0\.1:\d+, a program on this computer").And.Contain(own.Server.At("api/mcp"))
            .And.Contain($"signed in as {PersonalDbProgram.Administrator}");
        back.ShouldBeSound();
        back.Headings.Should().Equal("You can close this page");
        back.Steps.Should().HaveCount(2, "the form is answered by a page, which goes on to the client");
        more.ShouldBeSound();
        more.Steps.Should().ContainSingle("nobody signs in twice");
        more.Text.Should().Contain("Create, change and delete schemas, which all users share schemas:write");
        backAgain.ShouldBeSound();
        backAgain.Headings.Should().Equal("You can close this page");
        var end = await visitor.Process.EndAsync();
        end.ExitCode.Should().Be(0, end.Errors);
        end.Output.Should().Contain("schemas-create answered: {\"schema\":").And.Contain("10 tools may be used");
    }

    [TestCase(false)]
    [TestCase(true)]
    [AuthorizationRequirement("AS9")]
    public async Task Who_cancels_is_told_that_nothing_was_allowed_and_so_is_the_client(bool hasSignedIn)
    {
        await using var browser = Chromium.Open();
        await using var visitor = Visitor.Start(program);
        await browser.VisitAsync(await visitor.AddressAsync());
        if (hasSignedIn)
            await browser.SignInAsync(PersonalDbProgram.Administrator);

        var back = await browser.PressAsync("Cancel");

        back.ShouldBeSound();
        back.Headings.Should().Equal("You are not signed in");
        var end = await visitor.Process.EndAsync();
        end.ExitCode.Should().Be(3, end.Output);
        end.Errors.Should().StartWith("Not allowed: ").And.Contain("access_denied").And.Contain("said no").And.NotContain("state=");
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task A_wrong_password_can_be_tried_again()
    {
        await program.RegisterAsync("careless");
        await using var browser = Chromium.Open();
        await using var visitor = Visitor.Start(program);
        await browser.VisitAsync(await visitor.AddressAsync());

        var refused = await browser.PressAsync("Sign in", ("User name", "careless"), ("Password", "a guess"));
        var consent = await browser.PressAsync(null, ("Password", PersonalDbProgram.Password));

        refused.ShouldBeSound();
        refused.Status.Should().Be(403);
        refused.Alerts.Should().Equal("This user name and password do not belong together.");
        refused.Focus.Should().Be("Password", "the name stands there already");
        consent.Headings[0].Should().StartWith($"Allow {Client}");
        consent.Text.Should().Contain("signed in as careless");
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task Who_is_not_the_one_that_is_signed_in_signs_in_as_himself()
    {
        await program.RegisterAsync("sibling");
        await using var browser = Chromium.Open();
        await using var visitor = Visitor.Start(program);
        await browser.VisitAsync(await visitor.AddressAsync());
        await browser.SignInAsync(PersonalDbProgram.Administrator);

        var signIn = await browser.PressAsync("Not you?");
        var consent = await browser.SignInAsync("sibling");

        signIn.ShouldBeSound();
        signIn.Headings.Should().Equal("Sign in");
        consent.Text.Should().Contain("signed in as sibling");
    }

    [Test]
    [AuthorizationRequirement("CL23")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Open Redirection")]
    public async Task The_address_that_the_browser_comes_back_to_is_good_once()
    {
        await program.RegisterAsync("twice");
        await using var browser = Chromium.Open();
        Task<SeenPage> back = null!;
        SeenPage again = null!;
        var signIn = new BrowserSignIn(new BrowserSignInOptions
        {
            OpenBrowser = async (address, _) =>
            {
                await browser.VisitAsync(address);
                await browser.SignInAsync("twice");
                back = browser.PressAsync("Allow");
                await back;
            },
        });
        var authorization = new ClientAuthorization
        {
            ClientName = "<b>Your bank</b>",
            SignIn = new Lingering(signIn, async () => again = await browser.ReloadAsync()),
            Tokens = new InMemoryTokenStore(),
        };

        await using var client = await program.ConnectAsync(authorization);

        (await client.ToolNamesAsync()).Should().Contain("entities-list");
        (await back).Headings.Should().Equal("You can close this page");
        again.ShouldBeSound();
        again.Status.Should().Be(410);
        again.Headings.Should().Equal("This sign-in is over");
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    public async Task A_page_of_another_site_cannot_show_these_in_a_frame_of_its_own()
    {
        await using var browser = Chromium.Open();
        await using var visitor = Visitor.Start(program);
        var framed = await visitor.AddressAsync();
        var trap = $"<!DOCTYPE html><h1>You have won</h1><iframe src=\"{WebUtility.HtmlEncode(framed.AbsoluteUri)}\"></iframe>";
        await using var thief = new ScriptedHttpServer(call => call.RespondAsync(200, "text/html", trap));

        var page = await browser.VisitAsync(thief.Url);

        page.Headings.Should().Equal("You have won");
        page.Frames.Should().Equal("chrome-error://chromewebdata/");
        page.Complaints.Should().ContainSingle().Which.Should().Contain("frame").And.Contain(program.Server.Root.AbsoluteUri);
    }

    [Test]
    public async Task Everybody_can_read_the_pages_in_light_in_dark_and_on_a_narrow_screen()
    {
        await program.RegisterAsync("reader");
        await using var browser = Chromium.Open();
        await using var visitor = Visitor.Start(program);
        var album = new Album(browser);

        await browser.VisitAsync(await visitor.AddressAsync());
        await album.AddAsync("sign-in", "User name", "Password", "Sign in", "Cancel");
        await browser.PressAsync("Sign in", ("User name", "reader"), ("Password", "a guess"));
        await album.AddAsync("sign-in-refused", "User name", "Password", "Sign in", "Cancel");
        await browser.SignInAsync("reader");
        await album.AddAsync("consent", "Allow", "Cancel", "Not you?");
        await browser.PressAsync("Allow");
        await album.AddAsync("callback");
        await browser.VisitAsync(new Uri(program.Server.Root, "api/oauth/authorize?client_id=nobody"));
        await album.AddAsync("problem");
        await using var other = Visitor.Start(program);
        await browser.VisitAsync(await other.AddressAsync());
        await browser.PressAsync("Cancel");
        await album.AddAsync("callback-refused");
    }

    [Test]
    public async Task What_is_wrong_with_a_page_is_seen()
    {
        await using var bad = new ScriptedHttpServer(call => call.RespondAsync(200, "text/html", """
            <!DOCTYPE html><title>bad</title><style>p { color: #777 }</style>
            <main style="width: 60rem; background: #888"><p>grey on grey</p><img src="http://127.0.0.1:1/none.png"></main>
            """, "Content-Security-Policy: default-src 'none'\r\n"));
        await using var browser = Chromium.Open();

        var page = await browser.VisitAsync(bad.Url);

        page.Violations.Should().HaveCount(3).And.Contain("img-src http://127.0.0.1:1/none.png");
        page.Complaints.Should().HaveCountGreaterThanOrEqualTo(3)
            .And.OnlyContain(complaint => complaint.Contains("Content Security Policy"));
        FluentActions.Invoking(page.ShouldBeSound).Should().Throw<AssertionException>();
    }

    [Test]
    public async Task What_is_hard_to_read_is_seen()
    {
        await using var bad = new ScriptedHttpServer(call => call.RespondAsync(200, "text/html", """
            <!DOCTYPE html><style>:focus { outline: none }</style>
            <main style="width: 60rem; background: #888"><p style="color: #777">grey on grey</p><button>Go</button></main>
            """));
        await using var browser = Chromium.Open();
        await browser.VisitAsync(bad.Url);

        var looks = await browser.JudgeAsync();

        looks.Keys.Should().Equal("light", "dark", "narrow");
        looks["light"].Text.Should().Be("grey on grey");
        looks["light"].Contrast.Should().BeInRange(1.2, 1.3);
        looks["light"].Reached.Should().Equal(new Stop("Go", false));
        looks["narrow"].Overflows.Should().BeTrue();
    }
}
