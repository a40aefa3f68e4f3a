using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>A sign-in that the host carries out itself, and one whose answer a person pastes.</summary>
[AuthorizationRequirement("CL24")]
public sealed class OtherSignInTests
{
    private static readonly Uri Login = new("https://login.example.com/authorize?client_id=c&state=the-state");
    private static readonly Uri Redirect = new("http://127.0.0.1:1455/callback");

    private readonly List<string?> told = [];

    [SetUp]
    public void SetUp() => told.Clear();

    [TestCase("?code=c&state=s&iss=https%3A%2F%2Flogin.example.com")]
    [TestCase("?error=access_denied&state=s")]
    public async Task A_host_gets_the_address_and_gives_back_the_whole_one_that_the_browser_came_to(string query)
    {
        Uri? opened = null;
        await using var attempt = await new DelegateSignIn(Redirect, (address, _) =>
        {
            opened = address;
            return new(new Uri(Redirect + query));
        }).BeginAsync();

        (await attempt.SignInAsync(Login)).Should().Be(new Uri(Redirect + query));

        attempt.RedirectUri.Should().Be(Redirect);
        opened.Should().Be(Login);
    }

    [TestCase("http://127.0.0.1:1456/callback?code=c")]
    [TestCase("http://127.0.0.1:1455/other?code=c")]
    [TestCase("https://127.0.0.1:1455/callback?code=c")]
    [TestCase("https://login.example.com/error")]
    [TestCase("/callback?code=c")]
    public async Task A_host_that_comes_back_from_elsewhere_is_told_so(string callback)
    {
        await using var attempt = await new DelegateSignIn(Redirect, (_, _) => new(new Uri(callback, UriKind.RelativeOrAbsolute))).BeginAsync();

        (await attempt.Awaiting(a => a.SignInAsync(Login).AsTask()).Should().ThrowAsync<AuthorizationException>())
            .Which.Message.Should().Contain(Redirect.AbsoluteUri).And.NotContain("code=c");
    }

    [TestCase("javascript:alert(1)")]
    [TestCase("file:///etc/passwd")]
    [TestCase("http://login.example.com/authorize")]
    [AuthorizationRequirement("CL9", "CL24")]
    public async Task No_host_and_no_person_is_shown_an_address_that_must_not_be_opened(string address)
    {
        ISignIn[] signIns =
        [
            new DelegateSignIn(Redirect, (_, _) => throw new InvalidOperationException("It was opened.")),
            new PastedSignIn(Redirect, (_, _) => throw new InvalidOperationException("It was shown."), (_, _) => new("")),
        ];
        foreach (var signIn in signIns)
        {
            await using var attempt = await signIn.BeginAsync();
            await attempt.Awaiting(a => a.SignInAsync(new Uri(address)).AsTask()).Should().ThrowAsync<AuthorizationException>();
        }
    }

    [TestCase("http://login.example.com/callback")]
    [TestCase("javascript:alert(1)")]
    [TestCase("https://app.example.com/callback#there")]
    [TestCase("callback")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 3, AtEveryRevision = true)]
    public void A_browser_comes_back_to_https_or_to_this_machine(string redirectUri)
    {
        var uri = new Uri(redirectUri, UriKind.RelativeOrAbsolute);

        FluentActions.Invoking(() => new DelegateSignIn(uri, (_, _) => default)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new PastedSignIn(uri, (_, _) => default, (_, _) => default)).Should().Throw<ArgumentException>();
    }

    [TestCase("http://127.0.0.1:1455/callback?code=c&state=the-state&iss=i")]
    [TestCase("  http://127.0.0.1:1455/callback?code=c&state=the-state&iss=i\r\n")]
    [TestCase("\"http://127.0.0.1:1455/callback?code=c&state=the-state&iss=i\"")]
    [TestCase("<http://127.0.0.1:1455/callback?code=c&state=\n  the-state&iss=i>")]
    [TestCase("HTTP://127.0.0.1:1455/callback?code=c&state=the-state&iss=i")]
    [TestCase("127.0.0.1:1455/callback?code=c&state=the-state&iss=i")]
    [TestCase("?code=c&state=the-state&iss=i")]
    [TestCase("code=c&state=the-state&iss=i")]
    public async Task What_a_person_pastes_is_made_out(string pasted)
    {
        var callback = await PasteAsync(pasted);

        callback.AbsoluteUri.Should().Be("http://127.0.0.1:1455/callback?code=c&state=the-state&iss=i");
        told.Should().Equal([null], "nothing was wrong");
    }

    [Test]
    public async Task A_pasted_query_may_hold_addresses()
    {
        var callback = await PasteAsync("code=c&state=the-state&iss=https://login.example.com");

        AuthorizationResponse.Parse(callback).Issuer.Should().Be("https://login.example.com");
    }

    [TestCase("", "Nothing was pasted")]
    [TestCase("SplxlOBeZQQYbYS6WxSbIA", "Paste all of it")]
    [TestCase("https://login.example.com/authorize?client_id=c&state=the-state", "begins with http://127.0.0.1:1455/callback")]
    [TestCase("http://127.0.0.1:1455/callback", "neither a code nor an error")]
    [TestCase("http://127.0.0.1:1455/callback?code=c", "'state=' is missing")]
    [TestCase("http://127.0.0.1:1455/callback?code=c&state=the", "another sign-in")]
    [TestCase("http://127.0.0.1:1455/callback?code=c&code=c&state=the-state", "twice")]
    public async Task What_is_wrong_with_it_is_said_and_it_is_asked_for_again(string pasted, string wrong)
    {
        await PasteAsync(pasted, "?error=access_denied&state=the-state");

        told.Should().HaveCount(2);
        told[1].Should().Contain(wrong);
    }

    [Test]
    public async Task It_is_asked_for_again_only_so_often()
    {
        await FluentActions.Awaiting(() => PasteAsync("1", "2", "3", "4", "SECRET")).Should().ThrowAsync<AuthorizationException>()
            .WithMessage("What was pasted 5 times*Sign in again.");

        told.Should().HaveCount(5);
    }

    [Test]
    public async Task A_person_may_give_up()
    {
        await FluentActions.Awaiting(() => PasteAsync("?", null)).Should().ThrowAsync<AuthorizationException>().WithMessage("*given up*");
    }

    [Test]
    public async Task What_is_far_too_long_is_not_looked_at()
    {
        await FluentActions.Awaiting(() => PasteAsync(new string('x', 100_000), null)).Should().ThrowAsync<AuthorizationException>();

        told[1].Should().Contain("longer than 32768 characters");
    }

    private async Task<Uri> PasteAsync(params string?[] pasted)
    {
        var next = new Queue<string?>(pasted);
        Uri? shown = null;
        var signIn = new PastedSignIn(
            Redirect,
            (address, _) =>
            {
                shown = address;
                return default;
            },
            (wrong, _) =>
            {
                told.Add(wrong);
                return new(next.Dequeue());
            });
        await using var attempt = await signIn.BeginAsync();
        attempt.RedirectUri.Should().Be(Redirect);
        try
        {
            return await attempt.SignInAsync(Login);
        }
        finally
        {
            shown.Should().Be(Login);
        }
    }
}
