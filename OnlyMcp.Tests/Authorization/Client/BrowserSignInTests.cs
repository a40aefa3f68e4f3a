using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>A sign-in in the person's browser, which a test plays over real sockets.</summary>
[AuthorizationRequirement("CL23")]
public sealed class BrowserSignInTests
{
    private static readonly Uri Login = new("https://login.example.com/authorize?client_id=c&state=the-state");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    [OneTimeTearDown]
    public void TearDown() => browser.Dispose();

    [Test]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 3, AtEveryRevision = true)]
    public async Task The_browser_opens_when_the_address_that_it_comes_back_to_answers_and_the_whole_address_is_returned()
    {
        Uri? opened = null;
        Uri redirectUri = null!;
        await using var attempt = await BeginAsync(new()
        {
            OpenBrowser = async (address, token) =>
            {
                opened = address;
                (await browser.GetAsync($"{redirectUri}?code=a%2Bb&state=the-state&iss=https%3A%2F%2Flogin.example.com", token))
                    .StatusCode.Should().Be(HttpStatusCode.OK);
            },
        });
        redirectUri = attempt.RedirectUri;

        var callback = await attempt.SignInAsync(Login).AsTask().WaitAsync(Patience);

        opened.Should().Be(Login);
        redirectUri.AbsoluteUri.Should().MatchRegex(@"^http://127\.0\.0\.1:\d+/callback$");
        callback.AbsoluteUri.Should().Be($"{redirectUri}?code=a%2Bb&state=the-state&iss=https%3A%2F%2Flogin.example.com");
    }

    [Test]
    [AuthorizationRequirement("CL19", "CL23")]
    public async Task What_is_not_the_answer_is_turned_away_and_ends_nothing()
    {
        await using var signIn = await StartAsync();
        var (uri, raw) = (signIn.RedirectUri, $"/callback?code=c&state=the-state");

        (await GetAsync(new Uri(uri, "/favicon.ico"))).Should().Be(404);
        (await GetAsync(new Uri(uri, "/"))).Should().Be(404);
        (await GetAsync(new Uri(uri, "/callback/?code=c&state=the-state"))).Should().Be(404);
        (await GetAsync(new Uri(uri, "/CALLBACK?code=c&state=the-state"))).Should().Be(404);
        (await GetAsync(new Uri(uri, "/callback"))).Should().Be(400, "it carries nothing");
        (await GetAsync(new Uri(uri, "/callback?code=c"))).Should().Be(400, "it has no state");
        (await GetAsync(new Uri(uri, "/callback?code=c&state=another"))).Should().Be(400, "any web site can send a browser here");
        (await GetAsync(new Uri(uri, "/callback?error=access_denied&state=another"))).Should().Be(400);
        (await GetAsync(new Uri(uri, "/callback?code=c&code=d&state=the-state"))).Should().Be(400);
        (await GetAsync(new Uri(uri, $"/callback?code={new string('x', 20_000)}&state=the-state"))).Should().Be(404);
        (await RawAsync(uri, $"POST {raw}", uri.Authority, body: "{}")).Should().Be(405);
        (await RawAsync(uri, $"HEAD {raw}", uri.Authority)).Should().Be(405);
        (await RawAsync(uri, $"OPTIONS {raw}", uri.Authority)).Should().Be(405);
        signIn.Task.IsCompleted.Should().BeFalse();

        (await GetAsync(new Uri(uri, raw))).Should().Be(200);

        (await signIn.Task.WaitAsync(Patience)).PathAndQuery.Should().Be(raw);
    }

    [TestCase("evil.example", 404)]
    [TestCase("evil.example:PORT", 404)]
    [TestCase("127.0.0.1", 404)]
    [TestCase("127.0.0.1:1", 404)]
    [TestCase("localhost:PORT", 404)]
    [TestCase("127.0.0.1.evil.example:PORT", 404)]
    [TestCase("evil.example@127.0.0.1:PORT", 404)]
    [TestCase("2130706433:PORT", 404)]
    [TestCase("127.0.0.1:PORT", 200)]
    public async Task A_foreign_host_finds_nothing_here(string host, int status)
    {
        await using var signIn = await StartAsync();
        var uri = signIn.RedirectUri;

        (await RawAsync(uri, "GET /callback?code=c&state=the-state", host.Replace("PORT", $"{uri.Port}"))).Should().Be(status);

        if (status == 200)
            await signIn.Task.WaitAsync(Patience);
        signIn.Task.IsCompleted.Should().Be(status == 200);
    }

    [Test]
    public async Task A_foreign_host_in_the_request_line_finds_nothing_either()
    {
        await using var signIn = await StartAsync();
        var uri = signIn.RedirectUri;

        (await RawAsync(uri, $"GET http://evil.example/callback?code=c&state=the-state", uri.Authority)).Should().Be(404);
        (await RawAsync(uri, $"GET http://{uri.Authority}/callback?code=c&state=the-state", "evil.example")).Should().Be(404);

        signIn.Task.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task It_listens_to_this_machine_alone()
    {
        await using var attempt = await BeginAsync(new());

        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => end.Port == attempt.RedirectUri.Port)
            .Should().OnlyContain(end => IPAddress.IsLoopback(end.Address)).And.NotBeEmpty();
    }

    [Test]
    [AuthorizationRequirement("CL19", "CL23")]
    public async Task One_answer_is_taken_and_the_next_is_told_that_it_is_over()
    {
        await using var signIn = await StartAsync();
        var first = new Uri(signIn.RedirectUri, "?code=first&state=the-state");

        (await GetAsync(first)).Should().Be(200);
        (await GetAsync(new Uri(signIn.RedirectUri, "?code=second&state=the-state"))).Should().Be(410);
        (await GetAsync(first)).Should().Be(410);

        (await signIn.Task.WaitAsync(Patience)).Should().Be(first);
    }

    [Test]
    public async Task Of_many_answers_at_once_one_is_taken()
    {
        await using var signIn = await StartAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => GetAsync(new Uri(signIn.RedirectUri, $"?code={i}&state=the-state"))));

        statuses.Where(status => status == 200).Should().ContainSingle();
        statuses.Where(status => status == 410).Should().HaveCount(19);
        statuses[int.Parse(AuthorizationResponse.Parse(await signIn.Task.WaitAsync(Patience)).Code!, null)].Should().Be(200);
    }

    [TestCase("code=%3Cscript%3Ealert(1)%3C/script%3E", "You can close this page")]
    [TestCase("error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E", "You are not signed in")]
    public async Task The_page_has_no_script_and_no_word_of_the_address(string query, string title)
    {
        await using var signIn = await StartAsync();

        using var response = await browser.GetAsync(new Uri(signIn.RedirectUri, $"?{query}&state=the-state&iss=https%3A%2F%2Flogin.example.com"));

        var page = await response.Content.ReadAsStringAsync();
        page.Should().Contain($"<h1>{title}</h1>")
            .And.NotContainAny("script", "alert", "access_denied", "the-state", "login.example.com", "http:", "https:", "onload", "href", "src=");
        response.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
        response.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        response.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        response.Headers.GetValues("Content-Security-Policy").Single().Should()
            .StartWith("default-src 'none'; style-src 'sha256-").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe");
        response.Headers.ConnectionClose.Should().BeTrue();
    }

    [Test]
    public async Task A_person_who_does_not_come_back_in_time_is_waited_for_no_longer()
    {
        var time = new ManualTime();
        await using var signIn = await StartAsync(new() { TimeProvider = time });
        await GetAsync(new Uri(signIn.RedirectUri, "?code=c&state=another"));

        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        signIn.Task.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        var fault = (await signIn.Awaiting(s => s.Task.WaitAsync(Patience)).Should().ThrowAsync<AuthorizationException>()).Which;
        fault.Step.Should().Be(AuthorizationStep.SignIn);
        fault.Message.Should().Contain("within 5 minutes").And.Contain("1 visit(s)").And.Contain("Sign in again");
        await ShouldBeFreeAsync(signIn.RedirectUri);
    }

    [Test]
    public async Task Cancelling_closes_the_address_at_once()
    {
        using var cancellation = new CancellationTokenSource();
        await using var signIn = await StartAsync(cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        await signIn.Awaiting(s => s.Task.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        await ShouldBeFreeAsync(signIn.RedirectUri);
    }

    [Test]
    public async Task Once_it_is_over_the_port_is_free_again()
    {
        var port = FreePort.Next();
        for (var i = 0; i < 3; i++)
        {
            await using var signIn = await StartAsync(new() { Port = port, Path = "/oauth/done" });
            signIn.RedirectUri.AbsoluteUri.Should().Be($"http://127.0.0.1:{port}/oauth/done");
            (await GetAsync(new Uri(signIn.RedirectUri, "?code=c&state=the-state"))).Should().Be(200);
            await signIn.Task.WaitAsync(Patience);
        }

        await ShouldBeFreeAsync(new Uri($"http://127.0.0.1:{port}/"));
    }

    [Test]
    public async Task A_port_that_is_taken_is_spoken_of_before_anybody_is_sent_anywhere()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await FluentActions.Awaiting(() => BeginAsync(new() { Port = port })).Should().ThrowAsync<AuthorizationException>()
            .WithMessage($"Port {port}*End the program*choose another port*");

        await using var attempt = await BeginAsync(new() { Port = FreePort.Next() });
        await FluentActions.Awaiting(() => BeginAsync(new() { Port = attempt.RedirectUri.Port })).Should()
            .ThrowAsync<AuthorizationException>("HttpListener must not share it between two sign-ins of this process");
    }

    [Test]
    public async Task Two_sign_ins_at_once_do_not_get_each_others_answers()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();

        await GetAsync(new Uri(other.RedirectUri, "?code=of-other&state=the-state"));
        await GetAsync(new Uri(one.RedirectUri, "?code=of-one&state=the-state"));

        AuthorizationResponse.Parse(await one.Task.WaitAsync(Patience)).Code.Should().Be("of-one");
        AuthorizationResponse.Parse(await other.Task.WaitAsync(Patience)).Code.Should().Be("of-other");
    }

    [Test]
    public async Task The_address_can_say_localhost()
    {
        await using var signIn = await StartAsync(new() { UsesLocalhostName = true });

        signIn.RedirectUri.AbsoluteUri.Should().MatchRegex(@"^http://localhost:\d+/callback$");
        (await RawAsync(signIn.RedirectUri, "GET /callback?code=c&state=the-state", $"127.0.0.1:{signIn.RedirectUri.Port}")).Should().Be(404);
        (await GetAsync(new Uri(signIn.RedirectUri, "?code=c&state=the-state"))).Should().Be(200);
        await signIn.Task.WaitAsync(Patience);
    }

    [TestCase("javascript:alert(1)")]
    [TestCase("data:text/html,<script>alert(1)</script>")]
    [TestCase("file:///c:/windows/system32/calc.exe")]
    [TestCase("ab:$(calc.exe)?response_type=code")]
    [TestCase("vbscript:msgbox")]
    [TestCase("ms-msdt:/id%20PCWDiagnostic")]
    [TestCase("http://login.example.com/authorize")]
    [TestCase("http://127.0.0.1.evil.example/authorize")]
    [TestCase("https://login.example.com@evil.example/authorize")]
    [AuthorizationRequirement("CL9")]
    public async Task Nothing_but_https_or_this_machines_http_is_opened(string address)
    {
        var opened = 0;
        BrowserSignInOptions options = new()
        {
            OpenBrowser = (_, _) => Count(),
            ShowUrl = (_, _) => Count(),
        };
        await using var attempt = await BeginAsync(options);
        (await attempt.Awaiting(a => a.SignInAsync(new Uri(address)).AsTask().WaitAsync(Patience)).Should().ThrowAsync<AuthorizationException>())
            .WithMessage("*is not opened*").Which.Step.Should().Be(AuthorizationStep.SignIn);
        await FluentActions.Awaiting(() => UserBrowser.OpenAsync(new Uri(address), CancellationToken.None).AsTask())
            .Should().ThrowAsync<AuthorizationException>("it is checked where it is handed over, too");

        opened.Should().Be(0);

        ValueTask Count()
        {
            opened++;
            return default;
        }
    }

    [Test]
    public async Task Where_no_browser_opens_the_person_is_shown_the_address_and_waited_for()
    {
        var shown = new TaskCompletionSource<Uri>();
        await using var signIn = await StartAsync(new()
        {
            OpenBrowser = (_, _) => throw new IOException("There is no screen."),
            ShowUrl = (address, _) =>
            {
                shown.SetResult(address);
                return default;
            },
        });

        (await shown.Task.WaitAsync(Patience)).Should().Be(Login);
        await GetAsync(new Uri(signIn.RedirectUri, "?code=c&state=the-state"));

        await signIn.Task.WaitAsync(Patience);
    }

    [Test]
    public async Task Where_no_browser_opens_and_nobody_shows_the_address_the_sign_in_fails_and_says_what_to_do()
    {
        await using var signIn = await StartAsync(new() { OpenBrowser = (_, _) => throw new IOException("There is no screen.") });

        await signIn.Awaiting(s => s.Task.WaitAsync(Patience)).Should().ThrowAsync<AuthorizationException>()
            .WithMessage("*There is no screen.*ShowUrl*PastedSignIn*");
        await ShouldBeFreeAsync(signIn.RedirectUri);
    }

    [Test]
    public async Task What_opens_the_browser_may_go_on_or_fail_when_the_answer_has_come()
    {
        using var log = new RecordedLog();
        Uri redirectUri = null!;
        var end = new TaskCompletionSource();
        await using var attempt = await BeginAsync(new()
        {
            Logger = log,
            OpenBrowser = async (_, token) =>
            {
                await GetAsync(new Uri(redirectUri, "?code=SECRET&state=the-state"));
                await end.Task;
                throw new IOException("The browser has crashed.");
            },
        });
        redirectUri = attempt.RedirectUri;

        await attempt.SignInAsync(Login).AsTask().WaitAsync(Patience);
        end.SetResult();

        while (!log.Lines.Any())
            await Task.Yield();
        log.Lines.Should().ContainSingle().Which.Should().Contain("has crashed").And.NotContainAny("SECRET", "the-state");
    }

    [Test]
    public async Task A_sign_in_is_made_once()
    {
        await using var signIn = await StartAsync();

        await signIn.Awaiting(s => s.Attempt.SignInAsync(Login).AsTask()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*begin another*");

        signIn.Task.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task Nothing_that_a_visitor_brings_is_logged()
    {
        using var log = new RecordedLog();
        await using (var signIn = await StartAsync(new() { Logger = log }))
        {
            await GetAsync(new Uri(signIn.RedirectUri, "?code=SECRET&state=another"));
            await GetAsync(new Uri(signIn.RedirectUri, "?code=SECRET&state=the-state"));
            await signIn.Task.WaitAsync(Patience);
        }

        log.Lines.Should().NotBeEmpty().And.NotContain(line => line.Contains("SECRET") || line.Contains("the-state"));
    }

    [TestCase(0, "/callback", 300)]
    [TestCase(65536, "/callback", 300)]
    [TestCase(null, "callback", 300)]
    [TestCase(null, "", 300)]
    [TestCase(null, "/a/../b", 300)]
    [TestCase(null, "//evil.example/", 300)]
    [TestCase(null, "/callback?a=b", 300)]
    [TestCase(null, "/%63allback", 300)]
    [TestCase(null, "/callback", 0)]
    public void Options_that_cannot_be_are_refused_when_it_is_made(int? port, string path, int seconds) =>
        FluentActions.Invoking(() => new BrowserSignIn(new() { Port = port, Path = path, Timeout = TimeSpan.FromSeconds(seconds) }))
            .Should().Throw<ArgumentException>();

    private static async Task<ISignInAttempt> BeginAsync(BrowserSignInOptions options) => await new BrowserSignIn(options).BeginAsync();

    /// <summary>A sign-in whose browser has been opened, and has not come back.</summary>
    private static async Task<Started> StartAsync(BrowserSignInOptions? options = null, CancellationToken cancellationToken = default)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        options ??= new();
        var attempt = await BeginAsync(options with
        {
            OpenBrowser = async (address, token) =>
            {
                opened.TrySetResult();
                if (options.OpenBrowser is { } open)
                    await open(address, token);
            },
        });
        var task = attempt.SignInAsync(Login, cancellationToken).AsTask();
        await opened.Task.WaitAsync(Patience, CancellationToken.None);
        return new Started(attempt, task);
    }

    private async Task<int> GetAsync(Uri address)
    {
        using var response = await browser.GetAsync(address);
        await response.Content.ReadAsByteArrayAsync();
        return (int)response.StatusCode;
    }

    private static async Task<int> RawAsync(Uri address, string line, string host, string? body = null)
    {
        using var raw = await RawHttp.ConnectAsync(new Uri($"http://127.0.0.1:{address.Port}/"));
        await raw.SendAsync(line, body, $"Host: {host}");
        return (await raw.ReadHeadAsync()).Status;
    }

    private static async Task ShouldBeFreeAsync(Uri address)
    {
        using var client = new TcpClient();
        await client.Awaiting(c => c.ConnectAsync(IPAddress.Loopback, address.Port)).Should().ThrowAsync<SocketException>("nobody listens any more");
    }

    private sealed record Started(ISignInAttempt Attempt, Task<Uri> Task) : IAsyncDisposable
    {
        public Uri RedirectUri => Attempt.RedirectUri;

        public async ValueTask DisposeAsync()
        {
            await Attempt.DisposeAsync();
            await ((System.Threading.Tasks.Task)Task.WaitAsync(TimeSpan.Zero)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
