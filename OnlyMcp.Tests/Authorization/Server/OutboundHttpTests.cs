using System.Net;
using OnlyMcp.Server.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Server;

public sealed class OutboundHttpTests
{
    [TestCase("https://localhost:1/")]
    [TestCase("https://127.0.0.1:1/")]
    [TestCase("https://[::1]:1/")]
    [TestCase("https://[::ffff:127.0.0.1]:1/")]
    [TestCase("https://169.254.169.254/latest/meta-data")]
    [TestCase("https://10.0.0.1/")]
    [TestCase("https://[64:ff9b::a9fe:a9fe]/")]
    [TestCase("https://[fd00::1]/")]
    [TestCase("https://0.0.0.0/")]
    [TestCase("https://2130706433:1/")]
    public async Task Where_a_stranger_names_the_address_this_network_is_out_of_bounds(string address)
    {
        using var http = new OutboundHttp(TimeSpan.FromSeconds(10), TimeProvider.System, publicAddressesOnly: true);

        await http.Invoking(http => http.GetAsync(new Uri(address), default)).Should().ThrowAsync<FetchFailedException>().WithMessage("*no address on the public internet*");
    }

    [TestCase("http://127.0.0.1:1/", "*plain http*")]
    [TestCase("http://localhost:1/", "*plain http*")]
    [TestCase("http://as.example/", "*plain http*")]
    [TestCase("ftp://as.example/", "*https*")]
    [TestCase("file:///etc/passwd", "*https*")]
    [TestCase("javascript:alert(1)", "*https*")]
    [TestCase("https://user:secret@as.example/", "*user information*")]
    public async Task Nothing_but_https_goes_to_a_stranger(string address, string words)
    {
        using var http = new OutboundHttp(TimeSpan.FromSeconds(10), TimeProvider.System, publicAddressesOnly: true);

        var fault = await http.Invoking(http => http.GetAsync(new Uri(address), default)).Should().ThrowAsync<FetchFailedException>().WithMessage(words);
        fault.Which.Message.Should().NotContain("secret");
    }

    [Test]
    public async Task Nothing_of_ours_goes_along()
    {
        await using var server = new ScriptedHttpServer(call => call.JsonAsync("{}", headers: "Set-Cookie: a=b\r\n"), "/doc?key=1");
        using var http = new OutboundHttp(TimeSpan.FromSeconds(10), TimeProvider.System);
        using var activity = new System.Diagnostics.Activity("a request of a client").Start();

        await http.GetAsync(server.Url, default);
        await http.GetAsync(server.Url, default);
        server.Calls.Should().HaveCount(2).And.OnlyContain(call => call.Headers.Keys.Order().SequenceEqual(new[] { "Accept", "Host" }));
    }

    [Test]
    public async Task A_handler_that_follows_redirects_is_not_trusted()
    {
        await using var elsewhere = new ScriptedHttpServer(call => call.JsonAsync("""{"keys":[]}"""));
        await using var server = new ScriptedHttpServer(call => call.RespondAsync(302, headers: $"Location: {elsewhere.Url}\r\n"));
        using var handler = new SocketsHttpHandler();
        using var http = new OutboundHttp(TimeSpan.FromSeconds(10), TimeProvider.System, handler);
        using var own = new OutboundHttp(TimeSpan.FromSeconds(10), TimeProvider.System);

        await http.Invoking(http => http.GetAsync(server.Url, default)).Should().ThrowAsync<FetchFailedException>().WithMessage("*AllowAutoRedirect*");
        (await own.GetAsync(server.Url, default)).Status.Should().Be((int)HttpStatusCode.Redirect);
        elsewhere.Calls.Should().HaveCount(1, "ours did not follow");
    }

    [Test]
    public async Task Whoever_leaves_ends_the_request()
    {
        var asked = new TaskCompletionSource();
        await using var server = new ScriptedHttpServer(call =>
        {
            asked.SetResult();
            return call.SilenceAsync();
        });
        using var http = new OutboundHttp(TimeSpan.FromSeconds(10), new ManualTime());
        using var leaves = new CancellationTokenSource();
        var waiting = http.GetAsync(server.Url, leaves.Token);

        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await leaves.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
    }
}
