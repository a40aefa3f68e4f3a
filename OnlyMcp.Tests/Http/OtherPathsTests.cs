using System.Net;
using OnlyMcp.Server;
using OnlyMcp.Server.Http;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Http;

/// <summary>What a program answers itself, on the listener of its servers.</summary>
public sealed class OtherPathsTests
{
    [Test]
    public async Task An_exception_of_the_program_is_a_500_and_no_empty_200()
    {
        await using var host = new McpHttpHost(new McpServer("any", "1.0.0"), "http://127.0.0.1:0/")
        {
            OtherPaths = (http, _) => http.Path == "/broken" ? throw new InvalidOperationException("oops") : new(false),
        };
        await host.StartAsync();
        using var http = new HttpClient();

        using var broken = await http.GetAsync(new Uri(host.Address, "/broken"));
        broken.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await broken.Content.ReadAsStringAsync()).Should().NotContain("oops");

        using var foreign = await http.GetAsync(new Uri(host.Address, "/nowhere"));
        foreign.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_foreign_host_never_reaches_the_program()
    {
        var asked = 0;
        await using var host = new McpHttpHost(new McpServer("any", "1.0.0"), "http://127.0.0.1:0/")
        {
            OtherPaths = (_, _) => new(Interlocked.Increment(ref asked) > 0),
        };
        await host.StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("GET /page", null, "Host: evil.example");

        (await raw.ReadHeadAsync()).Status.Should().Be(404);
        asked.Should().Be(0);
    }

    [Test]
    public async Task A_name_that_a_server_is_allowed_to_have_reaches_it()
    {
        var options = new McpHttpOptions { AllowedHosts = ["mcp.example.com"] };
        await using var host = new McpHttpHost(new McpServer("any", "1.0.0"), "http://127.0.0.1:0/", options)
        {
            OtherPaths = async (http, cancellation) =>
            {
                await http.RespondAsync(200, default, cancellation);
                return true;
            },
        };
        await host.StartAsync();
        using var raw = await RawHttp.ConnectAsync(host.Address);
        await raw.SendAsync("GET /page", null, "Host: mcp.example.com");

        (await raw.ReadHeadAsync()).Status.Should().Be(200);
    }
}
