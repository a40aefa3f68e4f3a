using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Resources;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Features;

/// <summary>What cannot be offered is told when it is added, in words that say what to do.</summary>
public sealed class ResourceRegistrationTests
{
    private readonly McpServer server = new("files", "1.0.0");

    [TestCase("config")]
    [TestCase("a b:c")]
    [TestCase("config://ø")]
    [TestCase("config://{x}")]
    [Spec("2026-07-28 server/resources §Common URI Schemes")]
    [Spec("2026-07-28 server/resources §Custom URI Schemes", 1, AtEveryRevision = true)]
    public void An_address_that_is_none(string uri) =>
        FluentActions.Invoking(() => server.AddResource(uri, "x", "text")).Should().Throw<ArgumentException>().WithMessage("*absolute URI*");

    [Test]
    public void An_address_that_is_taken()
    {
        server.AddResource("config://a", "x", "text");
        FluentActions.Invoking(() => server.AddResource("config://a", "y", "text")).Should().Throw<ArgumentException>().WithMessage("*already*");
    }

    [TestCase("a://{x", "*closed*")]
    [TestCase("items/{x}", "*scheme*")]
    [TestCase("", "*scheme*")]
    public void A_template_that_is_none(string template, string words) => FluentActions
        .Invoking(() => server.AddResourceTemplate(new ResourceTemplate { UriTemplate = template, Name = "x" }, (uri, _, _, _) => new(ResourceResults.Text(uri, ""))))
        .Should().Throw<ArgumentException>().WithMessage(words);

    [Test]
    public void A_parameter_without_a_variable()
    {
        FluentActions.Invoking(() => server.AddResourceTemplate("a://{city}", "x", (string town) => town))
            .Should().Throw<ArgumentException>().WithMessage("*no variable 'town'*");
        FluentActions.Invoking(() => server.AddResource("a://b", "x", (string town) => town))
            .Should().Throw<ArgumentException>().WithMessage("*'town'*template*");
    }

    [Test]
    public void A_parameter_that_is_no_text() => FluentActions.Invoking(() => server.AddResourceTemplate("a://{x}", "x", (Version[][] x) => "x"))
        .Should().Throw<ArgumentException>().WithMessage("*comes as text*");

    [Test]
    public void A_delegate_that_returns_nothing() =>
        FluentActions.Invoking(() => server.AddResource("a://b", "x", () => { })).Should().Throw<ArgumentException>().WithMessage("*returns nothing*");

    [Test]
    public void An_icon_that_no_client_shows() =>
        FluentActions.Invoking(() => server.AddResources<BadIcon>()).Should().Throw<ArgumentException>().WithMessage("*javascript:*");

    [Test]
    public void A_class_is_added_whole_or_not_at_all()
    {
        server.AddResource("a://b", "taken", "text");

        FluentActions.Invoking(() => server.AddResources<Both>()).Should().Throw<ArgumentException>().WithMessage("*already*");

        server.ResourceTemplates.All.Should().BeEmpty();
        server.Resources.All.Should().ContainSingle();
    }

    private sealed class BadIcon
    {
        [McpResource("a://b", Icon = "javascript:alert(1)")]
        public static string Read() => "x";
    }

    private sealed class Both
    {
        [McpResource("a://b")]
        public static string One() => "x";

        [McpResource("a://b/{x}")]
        public static string Many(string x) => x;
    }
}
