using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server;
using OnlyMcp.Server.Tools;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tools;

/// <summary>Tools that are methods of a class: which methods, on which object, and what is told about them.</summary>
public sealed class ToolClassesTests
{
    private const string Modern =
        """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """;

    [Test]
    public async Task An_object_of_ones_own_is_called_each_time()
    {
        var server = new McpServer("counters", "1.0.0");
        server.AddTools(new Counter());

        (await CallAsync(server, "next")).Should().Be("1");
        (await CallAsync(server, "next")).Should().Be("2");
    }

    [Test]
    public async Task A_factory_gives_an_object_for_each_call()
    {
        var server = new McpServer("counters", "1.0.0");
        server.AddTools(context => new Counter { Start = context.Request.Method.Length });

        (await CallAsync(server, "next")).Should().Be("11");
        (await CallAsync(server, "next")).Should().Be("11");
    }

    [Test]
    public async Task The_services_say_how_long_an_object_lives()
    {
        var services = new ServiceCollection().AddTransient<Counter>().AddSingleton("shared").BuildServiceProvider();
        var server = new McpServer("counters", "1.0.0", new McpServerOptions { Services = services });
        server.AddTools<Counter>();
        server.AddTool("service", "Tells what the services gave", ([FromServices] string given) => given);

        (await CallAsync(server, "next")).Should().Be("1");
        (await CallAsync(server, "next")).Should().Be("1");
        (await CallAsync(server, "service")).Should().Be("shared");
    }

    [Test]
    public async Task Without_services_one_object_is_made_when_it_is_first_needed()
    {
        var server = new McpServer("counters", "1.0.0");
        server.AddTools<Counter>();

        (await CallAsync(server, "next")).Should().Be("1");
        (await CallAsync(server, "next")).Should().Be("2");
    }

    [Test]
    public void What_cannot_work_is_said_when_the_tools_are_added()
    {
        var server = new McpServer("counters", "1.0.0");

        server.Invoking(s => s.AddTools<NeedsAnArgument>()).Should().Throw<ArgumentException>().WithMessage("*constructor*factory*");
        server.Invoking(s => s.AddTools<string>("text")).Should().Throw<ArgumentException>().WithMessage("*[McpTool]*");
        var withoutStatics = typeof(Counter);
        server.Invoking(s => s.AddTools(withoutStatics)).Should().Throw<ArgumentException>().WithMessage("*static*");
        server.Tools.All.Should().BeEmpty("all of a class's tools are added, or none");
    }

    [Test]
    public void Attributes_say_what_clients_are_told()
    {
        var server = new McpServer("described", "1.0.0");
        server.AddTools<Described>();

        var tools = server.Tools.All.Select(tool => tool.Definition).ToDictionary(tool => tool.Name);

        tools.Keys.Should().BeEquivalentTo("get_weather_map", "named");
        tools["get_weather_map"].Description.Should().Be("Draws a map");
        tools["get_weather_map"].Annotations.Should().BeNull("nothing was said");
        tools["named"].Should().BeEquivalentTo(new { Title = "A name", Description = "Does it" });
        tools["named"].Annotations.Should().Be(new ToolAnnotations { ReadOnlyHint = true, OpenWorldHint = false });
    }

    [Test]
    public async Task What_is_kept_for_a_principal_is_kept_for_nobody_else()
    {
        var server = new McpServer("principals", "1.0.0");
        server.AddTool("next", "Counts", (RequestContext context) => context.PrincipalItems.AddOrUpdate("n", 1, (_, n) => (int)n! + 1));
        var ann = Principal("ann");

        (await CallAsync(server, "next", ann)).Should().Be("1");
        (await CallAsync(server, "next", Principal("ann"))).Should().Be("2", "another token of the same user is the same user");
        (await CallAsync(server, "next", Principal("bob"))).Should().Be("1");
        (await CallAsync(server, "next")).Should().Be("1");
        (await CallAsync(server, "next")).Should().Be("1", "strangers share nothing");
    }

    [Test]
    public async Task Principals_without_a_name_are_told_apart_by_what_is_claimed_of_them()
    {
        var server = new McpServer("principals", "1.0.0");
        server.AddTool("next", "Counts", (RequestContext context) => context.PrincipalItems.AddOrUpdate("n", 1, (_, n) => (int)n! + 1));

        (await CallAsync(server, "next", Nameless("client-1"))).Should().Be("1");
        (await CallAsync(server, "next", Nameless("client-2"))).Should().Be("1");
        (await CallAsync(server, "next", Nameless("client-1"))).Should().Be("2");
    }

    [Test]
    public async Task A_result_that_cannot_be_written_is_an_error_response()
    {
        var server = new McpServer("broken", "1.0.0");
        server.AddTool("broken", "Returns what is none", () => new CallToolResult { Content = [], StructuredContent = default(System.Text.Json.JsonElement) });

        (await AnswerAsync(server, "broken", null)).Should().BeOfType<JsonRpcErrorResponse>().Which.Error.Code.Should().Be(ErrorCode.InternalError);
    }

    private static async Task<string> CallAsync(McpServer server, string tool, ClaimsPrincipal? principal = null)
    {
        var answer = (JsonRpcResultResponse)await AnswerAsync(server, tool, principal);
        return ((TextContent)answer.Result.Read(McpJson.Wire.CallToolResult).Content[0]).Text;
    }

    private static async Task<JsonRpcMessage> AnswerAsync(McpServer server, string tool, ClaimsPrincipal? principal)
    {
        var stream = new WrittenStream();
        var request = $$$"""{ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "{{{tool}}}", {{{Modern}}} } }""";
        await server.HandleAsync(JsonRpcReader.Parse(Encoding.UTF8.GetBytes(request)), new Exchange(stream) { Principal = principal }, default);
        return stream.Messages.Single();
    }

    private static ClaimsPrincipal Nameless(string client) => new(new ClaimsIdentity([new Claim("client_id", client)], "test"));

    private static ClaimsPrincipal Principal(string name) => new(new ClaimsIdentity([new Claim("sub", name)], "test"));

    /// <summary>Writes what it is given, as every transport does, before it keeps it.</summary>
    private sealed class WrittenStream : Protocol.Transport.IResponseStream
    {
        public List<JsonRpcMessage> Messages { get; } = [];

        public ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
        {
            Messages.Add(JsonRpcReader.Parse(JsonRpcWriter.ToBytes(message)));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Counter
    {
        private int calls;

        public int Start { get; init; }

        [McpTool]
        public int Next() => Start + ++calls;
    }

    private sealed class NeedsAnArgument(string argument)
    {
        [McpTool]
        public string Tell() => argument;
    }

    private sealed class Described
    {
        [McpTool, System.ComponentModel.Description("Draws a map")]
        public Task<string> GetWeatherMapAsync() => Task.FromResult("map");

        [McpTool("named", Title = "A name", Description = "Does it", ReadOnly = true, OpenWorld = false)]
        public string Whatever() => "done";

        public string NoTool() => "never";
    }
}
