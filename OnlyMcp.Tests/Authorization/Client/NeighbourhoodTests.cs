using System.Net;
using OnlyMcp.Client.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Client;

/// <summary>Who may have a client connect to what.</summary>
[Spec("2026-07-28 basic/authorization/security-considerations §Communication Security")]
[AuthorizationRequirement("CL9")]
public sealed class NeighbourhoodTests
{
    private const string Internet = "https://1.1.1.1/mcp";
    private const string Network = "https://10.1.2.3/mcp";
    private const string Machine = "http://localhost:8080/mcp";
    private const string Link = "https://[fe80::1]/mcp";

    [TestCase(Internet, "https://9.9.9.9/x")]
    [TestCase(Internet, "https://auth.example/x")]
    [TestCase(Internet, "https://[2606:4700::1111]/x")]
    [TestCase(Internet, "https://[64:ff9b::909:909]/x", Description = "a public address, as a network without IPv4 writes it")]
    [TestCase(Network, "https://10.9.9.9/x")]
    [TestCase(Network, "https://192.168.0.1/x")]
    [TestCase(Network, "https://[fd12::1]/x")]
    [TestCase(Machine, "http://127.0.0.1:9/x")]
    [TestCase(Machine, "http://[::1]:9/x")]
    [TestCase(Machine, "https://10.9.9.9/x")]
    [TestCase(Link, "https://[fe80::2]/x")]
    public async Task An_address_as_far_away_as_the_server_may_be_asked(string server, string target)
    {
        (await JudgeAsync(server, target)).Should().BeNull();
    }

    [TestCase("https://10.0.0.5/token", true)]
    [TestCase("https://10.0.0.6/token", false)]
    public async Task What_the_host_has_named_itself_may_be_asked_wherever_it_is(string target, bool isAllowed)
    {
        ClientAuthorization[] hosts =
        [
            new() { AuthorizationServer = new() { Issuer = "https://10.0.0.5", TokenEndpoint = "https://10.0.0.5/token" } },
            new()
            {
                Grant = new EnterpriseGrant
                {
                    IdentityProvider = "https://10.0.0.5",
                    IdentityProviderTokenEndpoint = new Uri("https://10.0.0.5/token"),
                    IdentityProviderClient = new() { ClientId = "c" },
                    IdentityToken = _ => new("t"),
                },
            },
        ];
        foreach (var options in hosts)
        {
            using var http = new GuardedHttp(new Uri(Internet), options, TimeProvider.System);
            (await http.WhatIsWrongWithAsync(new Uri(target), default) is null).Should().Be(isAllowed);
        }
    }

    [TestCase(Internet, "https://localhost/x")]
    [TestCase(Internet, "http://localhost:6379/x")]
    [TestCase(Internet, "https://127.0.0.1/x")]
    [TestCase(Internet, "https://127.1/x")]
    [TestCase(Internet, "https://2130706433/x")]
    [TestCase(Internet, "https://0x7f.0.0.1/x")]
    [TestCase(Internet, "https://0.0.0.0/x")]
    [TestCase(Internet, "https://[::]/x")]
    [TestCase(Internet, "https://[::1]/x")]
    [TestCase(Internet, "https://[::ffff:127.0.0.1]/x")]
    [TestCase(Internet, "https://10.0.0.1/x")]
    [TestCase(Internet, "https://172.31.0.1/x")]
    [TestCase(Internet, "https://192.168.1.1/x")]
    [TestCase(Internet, "https://100.64.0.1/x")]
    [TestCase(Internet, "https://169.254.1.1/x")]
    [TestCase(Internet, "https://169.254.169.254/latest/meta-data")]
    [TestCase(Internet, "https://[64:ff9b::a9fe:a9fe]/x")]
    [TestCase(Internet, "https://[64:ff9b::a00:1]/x")]
    [TestCase(Internet, "https://[2002:a00:1::]/x", Description = "6to4")]
    [TestCase(Internet, "https://[2001:0:a00:1::]/x", Description = "Teredo")]
    [TestCase(Internet, "https://[2606::5efe:10.0.0.1]/x", Description = "ISATAP")]
    [TestCase(Internet, "https://[fe80::1]/x")]
    [TestCase(Internet, "https://[fc00::1]/x")]
    [TestCase(Internet, "https://224.0.0.1/x")]
    [TestCase(Network, "https://127.0.0.1/x")]
    [TestCase(Network, "http://localhost:9/x")]
    [TestCase(Network, "https://169.254.1.1/x")]
    [TestCase(Machine, "https://169.254.169.254/x")]
    [TestCase(Machine, "https://100.100.100.200/x")]
    [TestCase(Machine, "https://[fd00:ec2::254]/x")]
    [TestCase(Link, "https://169.254.169.254/x")]
    public async Task An_address_nearer_than_the_server_is_refused(string server, string target)
    {
        (await JudgeAsync(server, target)).Should().Contain("is nearer to this machine than the MCP server").And.Contain(new Uri(server).Authority);
    }

    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 1, AtEveryRevision = true)]
    [TestCase("http://auth.example/x", "plain http")]
    [TestCase("http://10.1.2.3/x", "plain http")]
    [TestCase("ftp://auth.example/x", "'ftp'")]
    [TestCase("file:///etc/passwd", "'file'")]
    [TestCase("javascript:alert(1)", "'javascript'")]
    [TestCase("data:text/html,x", "'data'")]
    [TestCase("https://user:pass@auth.example/x", "user information")]
    public async Task Whatever_is_not_https_is_refused_wherever_the_server_is(string target, string reason)
    {
        foreach (var server in new[] { Internet, Network, Machine })
            (await JudgeAsync(server, target)).Should().Contain(reason);
    }

    [Test]
    public async Task A_server_is_as_far_away_as_the_farthest_of_its_addresses()
    {
        (await JudgeAsync("https://mcp.corp/", "https://10.9.9.9/x", "10.0.0.1")).Should().BeNull();
        (await JudgeAsync("https://mcp.corp/", "https://10.9.9.9/x", "10.0.0.1", "9.9.9.9")).Should().NotBeNull();
        (await JudgeAsync("https://mcp.corp/", "https://10.9.9.9/x")).Should().NotBeNull("nobody knows the name");
    }

    [Test]
    public async Task A_name_that_leads_to_this_machine_does_not_make_its_owner_one_of_us()
    {
        (await JudgeAsync("https://rebound.example/mcp", "http://127.0.0.1:6379/x", "127.0.0.1")).Should().NotBeNull();
        (await JudgeAsync("https://rebound.example/mcp", "https://10.0.0.1/x", "127.0.0.1")).Should().NotBeNull();
    }

    [Test]
    public async Task The_servers_own_origin_may_be_asked_wherever_it_is()
    {
        (await JudgeAsync("https://10.1.2.3/mcp", "https://10.1.2.3/.well-known/x")).Should().BeNull();
        (await JudgeAsync("https://169.254.1.1/mcp", "https://169.254.1.1/.well-known/x")).Should().BeNull();
    }

    private static async Task<string?> JudgeAsync(string server, string target, params string[] serversAddresses) =>
        await new Neighbourhood(new Uri(server), (_, _) => Task.FromResult(serversAddresses.Select(IPAddress.Parse).ToArray()))
            .WhatIsWrongWithAsync(new Uri(target), CancellationToken.None);
}
