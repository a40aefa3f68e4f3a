using OnlyMcp.Server;
using OnlyMcp.Server.Http;

namespace OnlyMcp.Tests.Http;

public sealed class HttpPrefixTests
{
    [TestCase("http://127.0.0.1:3001/", "http://127.0.0.1:3001/ http://localhost:3001/")]
    [TestCase("HTTP://LOCALHOST:3001", "http://127.0.0.1:3001/ http://localhost:3001/")]
    [TestCase("http://Mcp.Example.com/", "http://mcp.example.com:80/")]
    [TestCase("http://+:80/", "http://+:80/")]
    public void A_prefix_is_lowered_and_this_machines_names_go_together(string prefix, string registered)
    {
        var parsed = HttpPrefix.Parse(prefix);

        string.Join(' ', parsed.ForPort(parsed.Port)).Should().Be(registered);
    }

    [TestCase("https://127.0.0.1:3001/", "*reverse proxy*")]
    [TestCase("http://[::1]:3001/", "*IPv6*")]
    [TestCase("http://0.0.0.0:3001/", "*AllowedHosts*")]
    [TestCase("http://127.0.0.1:3001/api/", "*no path*")]
    [TestCase("127.0.0.1:3001", "*http://*")]
    [TestCase("http://127.0.0.1:99999/", "*65535*")]
    [TestCase("http://:3001/", "*names a host*")]
    public void A_prefix_that_cannot_be_listened_on_says_what_can(string prefix, string message) =>
        new Action(() => HttpPrefix.Parse(prefix)).Should().Throw<ArgumentException>().WithMessage(message);

    [Test]
    public async Task A_host_for_every_name_does_not_start_without_a_list_of_names()
    {
        await using var host = new McpHttpHost(new McpServer("s", "1"), "http://+:0/");

        await host.Invoking(it => it.StartAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*AllowedHosts*");
    }
}
