using OnlyMcp.Server.AuthorizationServers;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Authorization.AuthorizationServers;

/// <summary>Where an answer may go.</summary>
public sealed class RedirectUriTests
{
    [TestCase("https://app.example.com/callback")]
    [TestCase("https://app.example.com/callback?kind=1")]
    [TestCase("https://app.example.com:8443/")]
    [TestCase("http://localhost/callback")]
    [TestCase("http://localhost:3000/callback")]
    [TestCase("http://127.0.0.1:3000/callback")]
    [TestCase("http://[::1]:3000/callback")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("AS8", "G3")]
    public void Https_and_programs_of_the_persons_machine_are_allowed(string uri) => RedirectUri.IsAllowed(uri).Should().BeTrue();

    [TestCase("http://app.example.com/callback")]
    [TestCase("http://127.0.0.1.evil.example/callback")]
    [TestCase("http://localhost.evil.example/callback")]
    [TestCase("http://0.0.0.0/callback")]
    [TestCase("https://app.example.com/callback#here")]
    [TestCase("https://app.example.com@evil.example/callback")]
    [TestCase("https://app.example.com\\@evil.example/callback")]
    [TestCase("https://app.example.com/call back")]
    [TestCase("https://*.example.com/callback")]
    [TestCase("https://app.example.com/\r\nSet-Cookie: a=b")]
    [TestCase("https:///evil.example")]
    [TestCase("https:evil.example")]
    [TestCase("//evil.example/")]
    [TestCase("/callback")]
    [TestCase("javascript:alert(1)")]
    [TestCase("data:text/html,hello")]
    [TestCase("file:///etc/passwd")]
    [TestCase("com.example.app:/callback")]
    [TestCase("https://bücher.example/callback")]
    [TestCase("")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Open Redirection", 3, AtEveryRevision = true)]
    [AuthorizationRequirement("AS8")]
    [Spec("2026-07-28 basic/authorization/security-considerations §Communication Security", 3, AtEveryRevision = true)]
    public void Nothing_else_is(string uri) => RedirectUri.IsAllowed(uri).Should().BeFalse();

    [TestCase("https://app.example.com/callback", "https://app.example.com/callback", true)]
    [TestCase("https://app.example.com/callback", "https://app.example.com/callback/", false)]
    [TestCase("https://app.example.com/callback", "https://app.example.com/callback?more=1", false)]
    [TestCase("https://app.example.com/callback", "https://app.example.com/Callback", false)]
    [TestCase("https://app.example.com/callback", "https://APP.example.com/callback", false)]
    [TestCase("https://app.example.com/callback", "https://app.example.com:443/callback", false)]
    [TestCase("https://app.example.com/callback", "https://app.example.com/x/../callback", false)]
    [TestCase("https://app.example.com/callback", "https://app.example.com.evil.example/callback", false)]
    [TestCase("http://127.0.0.1/callback", "http://127.0.0.1:49152/callback", true)]
    [TestCase("http://127.0.0.1:1/callback", "http://127.0.0.1:49152/callback", true)]
    [TestCase("http://[::1]/callback", "http://[::1]:49152/callback", true)]
    [TestCase("http://localhost/callback", "http://localhost:49152/callback", true)]
    [TestCase("http://localhost/callback?a=1", "http://localhost:49152/callback?a=1", true)]
    [TestCase("http://localhost/callback", "http://127.0.0.1:49152/callback", false)]
    [TestCase("http://127.0.0.1/callback", "http://127.0.0.1:49152/other", false)]
    [TestCase("http://127.0.0.1/callback", "http://127.0.0.1:49152/callback/../other", false)]
    [TestCase("http://127.0.0.1/callback", "https://127.0.0.1:49152/callback", false)]
    [TestCase("https://localhost/callback", "https://localhost:49152/callback", false)]
    [Spec("2026-07-28 basic/authorization/security-considerations §Open Redirection", 2, AtEveryRevision = true)]
    [Spec("2025-03-26 basic/authorization §Security Considerations", 3)]
    [AuthorizationRequirement("AS7", "AS8")]
    public void An_address_is_compared_letter_by_letter_but_for_the_port_of_this_machine(string registered, string asked, bool fits) =>
        RedirectUri.IsRegistered(asked, ["https://other.example/", registered]).Should().Be(fits);

    [Test]
    public void A_client_that_has_registered_none_gets_no_answer() => RedirectUri.IsRegistered("https://app.example.com/", null).Should().BeFalse();
}
