using System.Net;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.Shared;

/// <summary>Which addresses may be fetched, what a server is called, and where documents are looked for: decisions, as tables.</summary>
internal sealed class AddressTests
{
    [TestCase("https://example.com/a", null)]
    [TestCase("http://example.com/a", "https")]
    [TestCase("http://localhost:1/a", null)]
    [TestCase("http://app.localhost/a", null)]
    [TestCase("http://127.8.9.1/a", null)]
    [TestCase("http://[::1]/a", null)]
    [TestCase("http://[::ffff:127.0.0.1]/a", null)]
    [TestCase("http://localhost.evil.example/a", "https")]
    [TestCase("http://notlocalhost/a", "https")]
    [TestCase("http://127.0.0.1.evil.example/a", "https")]
    [TestCase("http://0.0.0.0/a", "https")]
    [TestCase("http://[::2]/a", "https")]
    [TestCase("http://169.254.169.254/latest", "https")]
    [TestCase("https://user:pass@example.com/", "user information")]
    [TestCase("javascript:alert(1)", "'javascript'")]
    [TestCase("data:text/html,x", "'data'")]
    [TestCase("file:///c:/windows/system32/calc.exe", "'file'")]
    [TestCase("ms-settings:x", "'ms-settings'")]
    [TestCase("/relative", "absolute")]
    [AuthorizationRequirement("CL9", "G3")]
    public void Only_https_and_this_machine_are_opened(string address, string? reason)
    {
        var wrong = FetchPolicy.WhatIsWrongWith(new Uri(address, UriKind.RelativeOrAbsolute), allowsLoopback: true);
        if (reason is null)
            wrong.Should().BeNull();
        else
            wrong.Should().Contain(reason);
    }

    [Test]
    public void This_machine_too_only_where_that_is_allowed() =>
        FetchPolicy.WhatIsWrongWith(new Uri("http://localhost/a"), allowsLoopback: false).Should().Contain("https");

    [TestCase("8.8.8.8", true)]
    [TestCase("1.1.1.1", true)]
    [TestCase("172.15.255.255", true)]
    [TestCase("172.32.0.0", true)]
    [TestCase("100.63.255.255", true)]
    [TestCase("100.128.0.1", true)]
    [TestCase("2606:4700::1111", true)]
    [TestCase("2001:4860:4860::8888", true)]
    [TestCase("::ffff:8.8.8.8", true)]
    [TestCase("0.0.0.0", false)]
    [TestCase("10.0.0.1", false)]
    [TestCase("100.64.0.1", false)]
    [TestCase("127.0.0.1", false)]
    [TestCase("169.254.169.254", false, Description = "where clouds keep their metadata")]
    [TestCase("172.16.0.1", false)]
    [TestCase("172.31.255.255", false)]
    [TestCase("192.0.0.170", false)]
    [TestCase("192.168.1.1", false)]
    [TestCase("198.18.0.1", false)]
    [TestCase("224.0.0.1", false)]
    [TestCase("255.255.255.255", false)]
    [TestCase("::", false)]
    [TestCase("::1", false)]
    [TestCase("::ffff:10.0.0.1", false)]
    [TestCase("::ffff:169.254.169.254", false)]
    [TestCase("64:ff9b::a9fe:a9fe", false, Description = "NAT64")]
    [TestCase("64:ff9b:1::1", false)]
    [TestCase("100::1", false, Description = "discard")]
    [TestCase("2001::1", false, Description = "Teredo")]
    [TestCase("2001:db8::1", false)]
    [TestCase("2002:a9fe:a9fe::1", false, Description = "6to4")]
    [TestCase("2606:4700::5efe:a00:1", false, Description = "ISATAP")]
    [TestCase("2606:4700::200:5efe:a00:1", false, Description = "ISATAP")]
    [TestCase("3fff:800::1", false)]
    [TestCase("fc00::1", false)]
    [TestCase("fd00:ec2::254", false)]
    [TestCase("fe80::1", false)]
    [TestCase("ff02::1", false)]
    [AuthorizationRequirement("CL9", "AS6")]
    public void What_is_not_on_the_public_internet_is_known_in_whatever_form_it_comes(string address, bool isPublic) =>
        FetchPolicy.IsPublic(IPAddress.Parse(address)).Should().Be(isPublic);

    [TestCase("HTTPS://MCP.Example.com/Server", "https://mcp.example.com/Server")]
    [TestCase("https://mcp.example.com:443/", "https://mcp.example.com")]
    [TestCase("https://mcp.example.com:8443/mcp/", "https://mcp.example.com:8443/mcp/")]
    [TestCase("https://mcp.example.com/a?tenant=b", "https://mcp.example.com/a?tenant=b")]
    [TestCase("http://[::1]:3001/mcp", "http://[::1]:3001/mcp")]
    [Spec("2026-07-28 basic/authorization §Canonical Server URI")]
    [AuthorizationRequirement("RS6")]
    public void A_server_has_one_name(string address, string canonical) => ResourceUri.Canonical(new Uri(address)).Should().Be(canonical);

    [TestCase("https://mcp.example.com/mcp#part")]
    [TestCase("https://user@mcp.example.com/mcp")]
    [TestCase("/mcp")]
    [AuthorizationRequirement("RS6")]
    public void Some_addresses_name_none(string address) =>
        FluentActions.Invoking(() => ResourceUri.Canonical(new Uri(address, UriKind.RelativeOrAbsolute))).Should().Throw<ArgumentException>();

    [TestCase("https://a.example", "https://A.EXAMPLE/", true)]
    [TestCase("https://a.example/mcp", "HTTPS://a.example:443/mcp", true)]
    [TestCase("https://a.example/mcp", "https://a.example/MCP", false)]
    [TestCase("https://a.example/mcp", "https://a.example/mcp/", false)]
    [TestCase("https://a.example/mcp", "https://a.example", false)]
    [TestCase("https://a.example", "https://a.example.evil", false)]
    [TestCase("https://a.example", "http://a.example", false)]
    [TestCase("urn:mine", "urn:mine", true)]
    [TestCase("https://a.example/#x", "https://a.example/", false)]
    [AuthorizationRequirement("RS6", "RS9")]
    public void Two_spellings_are_one_server_or_two(string one, string other, bool same) => ResourceUri.AreSame(one, other).Should().Be(same);

    [TestCase("https://h.example/mcp", "https://h.example/.well-known/oauth-protected-resource/mcp")]
    [TestCase("https://h.example/a/mcp/", "https://h.example/.well-known/oauth-protected-resource/a/mcp")]
    [TestCase("https://h.example:8443", "https://h.example:8443/.well-known/oauth-protected-resource")]
    [TestCase("https://h.example/mcp?t=1", "https://h.example/.well-known/oauth-protected-resource/mcp?t=1")]
    public void A_servers_document_has_its_place(string server, string document)
    {
        WellKnown.ProtectedResource(new Uri(server)).AbsoluteUri.Should().Be(document);
        WellKnown.ProtectedResourceRoot(new Uri(server)).AbsolutePath.Should().Be("/.well-known/oauth-protected-resource");
    }

    [TestCase("https://h.example", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")]
    [TestCase("https://h.example/", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")]
    [TestCase(
        "https://h.example/tenant1", "/.well-known/oauth-authorization-server/tenant1", "/.well-known/openid-configuration/tenant1",
        "/tenant1/.well-known/openid-configuration")]
    [Spec("2026-07-28 basic/authorization/authorization-server-discovery §Authorization Server Metadata Discovery", 1, 2, 3, AtEveryRevision = true)]
    [AuthorizationRequirement("CL5")]
    public void An_authorization_servers_document_is_looked_for_in_one_order(string issuer, params string[] paths) =>
        WellKnown.AuthorizationServerCandidates(new Uri(issuer)).Select(uri => uri.AbsolutePath).Should().Equal(paths);
}
