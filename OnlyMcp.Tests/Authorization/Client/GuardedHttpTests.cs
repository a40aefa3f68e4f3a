using System.Net;
using System.Text;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>What goes out, and what is taken, of all HTTP of authorization.</summary>
[Spec("2026-07-28 basic/authorization/security-considerations §Communication Security")]
[AuthorizationRequirement("CL9", "G3")]
public sealed class GuardedHttpTests
{
    [Test]
    public async Task A_name_is_judged_by_the_address_that_is_connected_to()
    {
        await using var site = new Site();
        var asked = 0;
        using var http = new GuardedHttp(new Uri("https://1.1.1.1/mcp"), new ClientAuthorization(), TimeProvider.System, (_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("10.0.0.1")]);
        });

        var fault = await FailAsync(() => http.GetAsync(new Uri($"https://innocent.example:{site.Mcp.Port}/x"), null, default));

        fault.Message.Should().Contain("innocent.example (127.0.0.1, 10.0.0.1) is nearer to this machine than the MCP server https://1.1.1.1");
        asked.Should().Be(1, "a name that is looked up twice may lead elsewhere the second time");
        site.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task The_address_that_was_judged_is_the_one_that_is_connected_to()
    {
        await using var site = new Site().Put("/x", "{}");
        using var http = new GuardedHttp(
            new Uri("http://localhost/mcp"), new ClientAuthorization(), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        (await http.GetAsync(new Uri($"http://auth.localhost:{site.Mcp.Port}/x"), null, default)).Status.Should().Be(200);
    }

    [Test]
    public async Task Plain_http_goes_to_this_machine_alone_whatever_its_name_leads_to()
    {
        using var http = new GuardedHttp(
            new Uri("http://localhost/mcp"), new ClientAuthorization(), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("9.9.9.9")]));

        (await FailAsync(() => http.GetAsync(new Uri("http://localhost:1/x"), null, default))).Message.Should().Contain("was not connected to");
    }

    [Test]
    public async Task Through_a_proxy_of_the_users_it_is_the_proxy_that_looks_names_up()
    {
        await using var proxy = new Site();
        using var http = new GuardedHttp(new Uri("https://1.1.1.1/mcp"), new ClientAuthorization(), TimeProvider.System);
        var usual = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(proxy.Origin);
        try
        {
            await FailAsync(() => http.GetAsync(new Uri("https://auth.example/x"), null, default));
            await FailAsync(() => http.GetAsync(new Uri("https://169.254.169.254/x"), null, default));
        }
        finally
        {
            HttpClient.DefaultProxy = usual;
        }

        proxy.Asked.Should().Equal("CONNECT auth.example:443");
    }

    [Test]
    public async Task Redirects_of_a_document_are_followed_and_our_headers_stay_behind()
    {
        await using var other = new Site().Put("/end", "{}");
        await using var site = new Site().Put("/same", Redirect($"{other.Origin}/end"));
        site.Put("/x", Redirect("/same", 308));
        using var http = Http(site);

        var fetched = await http.GetAsync(At(site), [new("MCP-Protocol-Version", "2025-03-26")], default);

        fetched.Uri.Should().Be(new Uri($"{other.Origin}/end"));
        fetched.Body.Should().Equal("{}"u8.ToArray());
        site.Calls.Select(call => call.Header("MCP-Protocol-Version")).Should().Equal("2025-03-26", "2025-03-26");
        other.Calls.Single().Header("MCP-Protocol-Version").Should().BeNull();
    }

    [Test]
    public async Task A_loop_of_redirects_ends_after_three()
    {
        await using var site = new Site();
        site.Put("/x", Redirect("/x"));
        using var http = Http(site);

        var fault = await FailAsync(() => http.GetAsync(At(site), null, default));

        fault.Message.Should().StartWith($"GET {site.Origin}/x was redirected more than 3 times");
        site.Calls.Should().HaveCount(4);
    }

    [TestCase("http://169.254.169.254/latest", "plain http")]
    [TestCase("https://169.254.169.254/latest", "nearer to this machine")]
    [TestCase("file:///etc/passwd", "'file'")]
    [TestCase("javascript:alert(1)", "'javascript'")]
    public async Task A_redirect_is_held_to_the_same_rules(string target, string reason)
    {
        await using var site = new Site();
        site.Put("/x", Redirect(target));
        using var http = Http(site);

        (await FailAsync(() => http.GetAsync(At(site), null, default))).Message.Should().Contain("was not asked").And.Contain(reason);
    }

    [Test]
    public async Task A_redirect_from_https_to_http_is_not_followed()
    {
        using var handler = new Canned(_ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://localhost/x") } });
        using var http = new GuardedHttp(new Uri("http://localhost/mcp"), new ClientAuthorization { HttpMessageHandler = handler }, TimeProvider.System);

        (await FailAsync(() => http.GetAsync(new Uri("https://auth.example/x"), null, default))).Message.Should()
            .Be("GET https://auth.example/x was redirected from https to http://localhost/x, and was not followed.");
        handler.Asked.Should().HaveCount(1);
    }

    [Test]
    public async Task What_is_posted_follows_no_redirect([Values(301, 307, 308)] int status)
    {
        await using var other = new Site();
        await using var site = new Site();
        site.Put("/x", Redirect($"{other.Origin}/take", status));
        using var http = Http(site);

        var fault = await FailAsync(() => http.PostFormAsync(At(site), [new("grant_type", "authorization_code"), new("code", "s3cret")], null, default));

        fault.Step.Should().Be(AuthorizationStep.Token);
        fault.Message.Should().Contain($"HTTP {status}, a redirect to {other.Origin}/take").And.NotContain("s3cret");
        other.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_form_and_a_registration_arrive_as_they_are_and_an_error_comes_back_whole()
    {
        await using var site = new Site().Put("/x", call => call.JsonAsync("""{"error":"invalid_grant"}""", 400));
        using var http = Http(site);

        var refused = await http.PostFormAsync(At(site), [new("code", "a b&c"), new("resource", "https://x/")], [new("Authorization", "Basic eA==")], default);
        await http.PostJsonAsync(At(site), "{}"u8.ToArray(), null, default);

        refused.ReadError()!.Error.Should().Be("invalid_grant");
        var form = site.Calls.First();
        form.Body.Should().Be("code=a+b%26c&resource=https%3A%2F%2Fx%2F");
        form.Header("Content-Type").Should().Be("application/x-www-form-urlencoded");
        form.Header("Authorization").Should().Be("Basic eA==");
        form.Header("Accept").Should().Be("application/json");
        site.Calls.Last().Header("Content-Type").Should().Be("application/json");
    }

    [Test]
    public async Task No_header_goes_along_that_nobody_asked_for()
    {
        await using var site = new Site().Put("/x", call => call.JsonAsync("{}", headers: "Set-Cookie: id=1\r\n"));
        using var http = Http(site);
        using var activity = new System.Diagnostics.Activity("test").Start();

        await http.GetAsync(At(site), null, default);
        await http.GetAsync(At(site), null, default);

        foreach (var call in site.Calls)
            call.Headers.Keys.Should().BeEquivalentTo("Host", "Accept");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_document_that_is_too_long_is_not_read_to_its_end(bool isDeclared)
    {
        var sent = 0;
        await using var site = new Site();
        site.Put("/x", async call =>
        {
            await call.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{(isDeclared ? "Content-Length: 5000000\r\n" : "")}Connection: close\r\n\r\n");
            for (var piece = new byte[64 * 1024]; sent < 5_000_000; sent += piece.Length)
                await call.SendAsync(piece);
        });
        using var http = Http(site);

        var fault = await FailAsync(() => http.GetAsync(At(site), null, default));

        fault.Message.Should().Contain("longer than the 262144 bytes that are allowed");
    }

    [Test]
    public async Task A_compressed_document_is_not_unpacked()
    {
        await using var site = new Site().Put("/x", call => call.JsonAsync("{}", headers: "Content-Encoding: gzip\r\n"));
        using var http = Http(site);

        (await http.GetAsync(At(site), null, default)).Body.Should().Equal("{}"u8.ToArray());
        site.Calls.Single().Header("Accept-Encoding").Should().BeNull();
    }

    [Test]
    public async Task A_server_that_answers_too_slowly_is_given_up([Values] bool hasBegun)
    {
        var time = new ManualTime();
        var arrived = new TaskCompletionSource();
        await using var site = new Site();
        site.Put("/x", async call =>
        {
            if (hasBegun)
                await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{");
            arrived.SetResult();
            await call.SilenceAsync();
        });
        using var http = new GuardedHttp(site.Mcp, new ClientAuthorization(), time);

        var getting = FailAsync(() => http.GetAsync(At(site), null, default));
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(30));

        (await getting.WaitAsync(TimeSpan.FromSeconds(30))).Message.Should().StartWith($"GET {site.Origin}/x was not answered in full within 30 s.");
    }

    [Test]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var leaving = new CancellationTokenSource();
        await using var site = new Site();
        site.Put("/x", call =>
        {
            leaving.Cancel();
            return call.SilenceAsync();
        });
        using var http = Http(site);

        await FluentActions.Awaiting(() => http.GetAsync(At(site), null, leaving.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_server_that_is_not_there_is_named()
    {
        var site = new Site();
        await site.DisposeAsync();
        using var http = Http(site);

        var fault = await FailAsync(() => http.PostFormAsync(At(site), [new("grant_type", "refresh_token"), new("refresh_token", "s3cret")], null, default));

        fault.Step.Should().Be(AuthorizationStep.Refresh);
        fault.Message.Should().StartWith($"POST {site.Origin}/x was not answered: ").And.NotContain("s3cret");
    }

    [Test]
    public async Task A_handler_of_the_hosts_that_follows_redirects_by_itself_is_found_out()
    {
        using var handler = new Canned(request =>
        {
            request.RequestUri = new Uri("https://elsewhere.example/x");
            return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
        });
        using var http = new GuardedHttp(new Uri("https://mcp.example/mcp"), new ClientAuthorization { HttpMessageHandler = handler }, TimeProvider.System);

        (await FailAsync(() => http.GetAsync(new Uri("https://auth.example/x"), null, default))).Message.Should().Contain("set its AllowAutoRedirect to false");
    }

    [Test]
    public void What_came_is_told_without_what_may_be_a_secret()
    {
        using var response = new HttpResponseMessage();
        Fetched Of(int status, string type, string body) => new(new Uri("https://x/"), status, type, Encoding.UTF8.GetBytes(body), response.Headers);

        Of(200, "application/x-www-form-urlencoded", "access_token=s3cret").ToString().Should().Be("HTTP 200, application/x-www-form-urlencoded");
        Of(200, "application/json", """{"access_token":"s3cret" """).ToString().Should().NotContain("s3cret");
        Of(200, "text/html", "<p>\e[31mSign in").ToString().Should().Be("HTTP 200, text/html, which begins: <p>\uFFFD[31mSign in");
        Of(502, "text/plain", new string('x', 5000)).ToString().Length.Should().BeLessThan(300);
        Of(204, "", "").ToString().Should().Be("HTTP 204, an empty body");
    }

    private static GuardedHttp Http(Site site) => new(site.Mcp, new ClientAuthorization(), TimeProvider.System);

    private static Uri At(Site site) => new($"{site.Origin}/x");

    private static Func<HttpCall, Task> Redirect(string target, int status = 302) =>
        call => call.RespondAsync(status, "text/html", "moved", $"Location: {target}\r\n");

    private static async Task<AuthorizationException> FailAsync(Func<Task> action) =>
        (await action.Should().ThrowAsync<AuthorizationException>()).Which;

    private sealed class Canned(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<Uri> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!);
            return Task.FromResult(answer(request));
        }
    }
}
