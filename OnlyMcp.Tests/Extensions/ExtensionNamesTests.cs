using System.Text.Json;
using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Extensions;

public sealed class ExtensionNamesTests
{
    [TestCase("com.example/hats", "{}", null)]
    [TestCase("a/b", """{"x":1}""", null)]
    [TestCase("io.modelcontextprotocol/tasks", "{}", null)]
    [TestCase("hats", "{}", "*'hats' is no name of an extension*")]
    [TestCase("/hats", "{}", "*no name of an extension*")]
    [TestCase("com.example/", "{}", "*no name of an extension*")]
    [TestCase("1com/hats", "{}", "*no name of an extension*")]
    [TestCase("com..example/hats", "{}", "*no name of an extension*")]
    [TestCase("com.example/my hats", "{}", "*no name of an extension*")]
    [TestCase("com.example/hats\n", "{}", "*no name of an extension*")]
    [TestCase("com.example/hats", "true", "*'com.example/hats' are an object*")]
    [Spec("2026-07-28 basic/versioning §Extension Negotiation", 1)]
    public async Task Both_sides_declare_extensions_under_a_prefixed_name_only(string name, string settings, string? refusal)
    {
        var extensions = new Dictionary<string, JsonElement> { [name] = JsonElement.Parse(settings) };
        var serving = () => new McpServer("hats", "1.0.0", new McpServerOptions { Extensions = extensions });
        var connecting = async () =>
        {
            var (near, far) = InMemoryPipe.Create();
            _ = new McpServer("hats", "1.0.0").ServeAsync(far, far);
            await using var client = await McpClient.ConnectAsync(
                new PipeClientTransport(near, near), new McpClientOptions { Capabilities = new ClientCapabilities { Extensions = extensions } });
        };

        if (refusal is null)
        {
            serving.Should().NotThrow();
            await connecting.Should().NotThrowAsync();
            return;
        }

        serving.Should().Throw<ArgumentException>().WithMessage(refusal);
        (await connecting.Should().ThrowAsync<ArgumentException>()).WithMessage(refusal);
    }
}
