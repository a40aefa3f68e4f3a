using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Server.AuthorizationServers.Pages;
using OnlyMcp.Tests.Support;
using static OnlyMcp.Tests.Authorization.AuthorizationServers.SmallWorld;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>What a person is shown before he agrees, and how long that holds.</summary>
public sealed class ConsentTests
{
    private static readonly (string, string?)[] OfWeb = [("client_id", "web"), ("redirect_uri", "https://app.example.com/back?kind=1")];

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Localhost Redirect URI Risks", 1, AtEveryRevision = true)]
    [AuthorizationRequirement("AS9")]
    public async Task The_page_says_who_asks_what_for_and_where_one_is_taken_then()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        var page = await ada.SignInAsync(world.Authorization(new Asked()));

        page.Html.Should().Contain("Allow <bdi>The native client</bdi> to use Notes on your behalf?");
        page.Html.Should().Contain("Ada").And.Contain("Read your notes").And.Contain("<code>notes:read</code>").And.NotContain("Change your notes");
        page.Html.Should().Contain("<b>127.0.0.1:7777</b>, a program on this computer").And.Contain(Resource);
        page.Html.Should().Contain("Any program on this computer can call itself");
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem")]
    public async Task No_page_runs_a_script_or_stands_in_a_frame_of_anothers()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        var asked = world.Authorization(new Asked());
        var signIn = await ada.VisitAsync(asked);
        var consent = await ada.SignInAsync(asked);
        var leaving = await ada.SubmitAsync(consent, "allow");
        var problem = await ada.VisitAsync(world.Authorization(new Asked(), ("client_id", "nobody")));

        foreach (var page in new[] { signIn, consent, leaving, problem })
        {
            page.Headers["Content-Security-Policy"].Should().MatchRegex(
                "^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$");
            page.Headers["X-Frame-Options"].Should().Be("DENY");
            page.Headers["X-Content-Type-Options"].Should().Be("nosniff");
            page.Headers["Cache-Control"].Should().Be("no-store");
            page.Html.Should().NotContain("<script").And.Contain("<html lang=\"en\">").And.Contain("<title>");
        }
    }

    [Test]
    public void A_scheme_that_a_program_has_claimed_is_a_program_of_this_machine_too()
    {
        var address = new ReturnAddress("cursor://callback", null, "https://login.example.com");
        (address.IsLoopback, address.Host).Should().Be((true, "cursor:"));
        new ReturnAddress("https://app.example.com:8443/x", null, "https://login.example.com").Host.Should().Be("app.example.com:8443");
        new ReturnAddress("https://app.example.com/x", null, "https://login.example.com").IsLoopback.Should().BeFalse();
    }

    [Test]
    public async Task Who_says_no_is_taken_back_with_that()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        var answer = await ada.RefuseAsync(world.Authorization(new Asked()));
        Parameter(answer, "error").Should().Be("access_denied");
        Parameter(answer, "state").Should().Be("a state");
        Parameter(answer, "code").Should().BeNull();
    }

    [Test]
    public async Task What_a_client_calls_itself_is_text_and_cannot_turn_the_page_around()
    {
        var evil = NewClient("evil", Callback);
        evil = evil with { Metadata = evil.Metadata with { ClientName = "\u202e<script>alert(\"1\")</script>\u0007" + new string('x', 100) } };
        await using var world = await StartAsync(options => options with { Clients = [evil] });
        using var ada = new Person();
        var page = await ada.SignInAsync(world.Authorization(new Asked(), ("client_id", "evil")));

        page.Html.Should().NotContain("<script").And.NotContain("\u202e").And.NotContain("\u0007").And.NotContain("&#x202E;");
        page.Html.Should().Contain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
        page.Html.Should().NotContain(new string('x', 61));
    }

    [Test]
    public void A_client_without_a_name_is_called_by_its_id_and_one_with_a_document_belongs_to_its_host()
    {
        ClientName.Of(new RegisteredClient { ClientId = "abc", Metadata = new ClientMetadata { ClientName = " \u200b " } }).Should().Be("abc");

        var document = new RegisteredClient { ClientId = "https://app.example.com/client.json", Metadata = new ClientMetadata { ClientUri = "https://bank.example/" } };
        ClientName.HomeOf(document).Should().Be("app.example.com", "its address is proven, what it says is not");
        ClientName.HomeOf(Native with { Metadata = new ClientMetadata { ClientUri = "https://bücher.example/" } }).Should().Be("xn--bcher-kva.example");
        ClientName.HomeOf(Native with { Metadata = new ClientMetadata { ClientUri = "javascript:alert(1)" } }).Should().BeNull();
    }

    [Test]
    [AuthorizationRequirement("AS9")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Confused Deputy Problem")]
    public async Task What_was_allowed_a_client_of_another_host_is_remembered_for_that_client_that_person_and_that_much()
    {
        var time = new ManualTime();
        var third = NewClient("third", "https://third.example/back");
        var twin = NewClient("twin", [.. Web.Metadata.RedirectUris!]);
        const string OtherResource = "https://mcp.example.com/other";
        await using var world = await StartAsync(options => options with
        {
            TimeProvider = time,
            Clients = [Web, third, twin],
            Resources = [Resource, OtherResource],
            SignInLifetime = TimeSpan.FromDays(365),
        });
        using var ada = new Person();
        await ada.AllowAsync(world.Authorization(new Asked(), OfWeb));

        CodeOf((await ada.VisitAsync(world.Authorization(new Asked(), OfWeb))).GoesTo!).Should().NotBeEmpty("nothing new is asked for");

        IsAsked(await ada.VisitAsync(world.Authorization(new Asked(), [.. OfWeb, ("scope", "notes:read notes:write")]))).Should().BeTrue("that is more");
        IsAsked(await ada.VisitAsync(world.Authorization(new Asked(), [.. OfWeb, ("prompt", "consent")]))).Should().BeTrue("the client wants it");
        IsAsked(await ada.VisitAsync(world.Authorization(new Asked(), ("client_id", "third"), ("redirect_uri", "https://third.example/back"))))
            .Should().BeTrue("that is another client");
        IsAsked(await ada.VisitAsync(world.Authorization(new Asked(), [.. OfWeb, ("client_id", "twin")])))
            .Should().BeTrue("that is another client, whose answers go to the same place");
        IsAsked(await ada.VisitAsync(world.Authorization(new Asked(), [.. OfWeb, ("resource", OtherResource)])))
            .Should().BeTrue("that is another server");

        time.Advance(TimeSpan.FromDays(90));
        IsAsked(await ada.VisitAsync(world.Authorization(new Asked(), OfWeb))).Should().BeTrue("it is long ago");
    }

    [Test]
    public async Task What_is_allowed_bit_by_bit_adds_up()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        await ada.AllowAsync(world.Authorization(new Asked(), OfWeb));
        await ada.AllowAsync(world.Authorization(new Asked(), [.. OfWeb, ("scope", "notes:write")]));
        CodeOf((await ada.VisitAsync(world.Authorization(new Asked(), [.. OfWeb, ("scope", "notes:read notes:write")]))).GoesTo!).Should().NotBeEmpty();
    }

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Localhost Redirect URI Risks")]
    public async Task What_was_allowed_a_program_of_this_machine_says_nothing_about_the_next()
    {
        await using var world = await StartAsync();
        using var ada = new Person();
        await ada.AllowAsync(world.Authorization(new Asked()));
        IsAsked(await ada.VisitAsync(world.Authorization(new Asked()))).Should().BeTrue();
    }

    private static bool IsAsked(WebPage page) => page.GoesTo is null && page.Html.Contains("value=\"allow\"", StringComparison.Ordinal);
}
