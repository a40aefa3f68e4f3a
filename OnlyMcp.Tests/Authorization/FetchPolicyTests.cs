using System.Net;
using OnlyMcp.Protocol.Authorization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization;

/// <summary>Addresses that look like this machine, or like the public internet, and are not.</summary>
public sealed class FetchPolicyTests
{
    [TestCase("http://localhost:8080/x", true)]
    [TestCase("http://LOCALHOST/", true)]
    [TestCase("http://app.localhost/", true)]
    [TestCase("http://127.8.9.1/", true)]
    [TestCase("http://[::1]/", true)]
    [TestCase("http://[::ffff:127.0.0.1]/", true)]
    [TestCase("http://localhost.example.com/", false)]
    [TestCase("http://notlocalhost/", false)]
    [TestCase("http://127.0.0.1.example.com/", false)]
    [TestCase("http://0.0.0.0/", false)]
    [TestCase("http://[::2]/", false)]
    [AuthorizationRequirement("CL9", "G3")]
    public void This_machine_has_few_names_and_plain_http_goes_nowhere_else(string address, bool isOurs)
    {
        var uri = new Uri(address);
        FetchPolicy.IsLoopback(uri).Should().Be(isOurs);
        (FetchPolicy.WhatIsWrongWith(uri, allowsLoopback: true) is null).Should().Be(isOurs);
        FetchPolicy.WhatIsWrongWith(uri, allowsLoopback: false).Should().Contain("https:");
    }

    [TestCase("https://user@example.com/", "user information")]
    [TestCase("javascript:alert(1)", "'javascript'")]
    [TestCase("file:///etc/passwd", "'file'")]
    [AuthorizationRequirement("CL9")]
    public void Nothing_but_plain_https_addresses_is_opened(string address, string why) =>
        FetchPolicy.WhatIsWrongWith(new Uri(address), allowsLoopback: true).Should().Contain(why);

    [Test]
    [AuthorizationRequirement("CL9", "AS6")]
    public void Detours_to_private_networks_are_not_public(
        [Values(
            "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.1", "127.0.0.1", "224.0.0.1", "255.255.255.255",
            "::1", "::", "fc00::1", "fd00:ec2::254", "fe80::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:1::", "2001:db8::1",
            "2a00::5efe:a00:1", "2a00::200:5efe:a00:1")]
        string address) => FetchPolicy.IsPublic(IPAddress.Parse(address)).Should().BeFalse();

    [TestCase("93.184.216.34")]
    [TestCase("172.32.0.1")]
    [TestCase("100.128.0.1")]
    [TestCase("::ffff:93.184.216.34")]
    [TestCase("2a00:1450:4001::1")]
    public void The_public_internet_is_public(string address) => FetchPolicy.IsPublic(IPAddress.Parse(address)).Should().BeTrue();
}
