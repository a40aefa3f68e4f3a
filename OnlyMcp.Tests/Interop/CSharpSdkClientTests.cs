using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OnlyMcp.Protocol.JsonRpc;
using SdkClient = ModelContextProtocol.Client.McpClient;

namespace OnlyMcp.Tests.Interop;

/// <summary>The C# SDK's client against the calculator and weather server: one conversation each, over transport x revision.</summary>
[TestFixtureSource(typeof(CSharpSdkClient), nameof(CSharpSdkClient.All))]
[Parallelizable(ParallelScope.Self)]
public sealed class CSharpSdkClientTests(CSharpSdkClient peer)
{
    private SdkClient? client;

    private SdkClient Client => client!;

    [OneTimeSetUp]
    public async Task ConnectAsync() => client = await peer.ConnectAsync();

    [OneTimeTearDown]
    public async Task LeaveAsync()
    {
        if (client is not null)
            await client.DisposeAsync();
    }

    [SetUp]
    public void NameThePeer() => TestContext.Out.WriteLine(peer);

    [Test]
    public void It_speaks_the_revision_that_is_pinned_or_the_newest_of_the_transport()
    {
        Client.NegotiatedProtocolVersion.Should().Be(peer.Spoken);
        Client.ServerInfo!.Name.Should().Be("example-server");
    }

    [Test]
    public async Task It_lists_the_tools() =>
        (await Client.ListToolsAsync()).Select(tool => tool.Name).Should().Equal("calculator", "weather");

    [Test]
    public async Task It_calls_them()
    {
        TextOf(await CallAsync("calculator", ("operation", "multiply"), ("a", 6), ("b", 7))).Should().Be("Result of multiply 6 and 7: 42");
        TextOf(await CallAsync("weather", ("location", "Oslo"))).Should().Contain("Oslo").And.Contain("sandstorm");
    }

    [Test]
    public async Task Many_calls_run_at_a_time_and_each_gets_its_own_answer()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallAsync("calculator", ("operation", "add"), ("a", i), ("b", 0))));

        results.Select(TextOf).Should().Equal(Enumerable.Range(0, 20).Select(i => $"Result of add {i} and 0: {i}"));
    }

    [Test]
    public async Task A_tool_that_fails_says_so_in_its_result()
    {
        var result = await CallAsync("calculator", ("operation", "divide"), ("a", 1), ("b", 0));

        result.IsError.Should().BeTrue();
        TextOf(result).Should().Be("Error: Division by zero");
    }

    [Test]
    public async Task An_unknown_tool_is_an_error()
    {
        var call = await this.Awaiting(it => it.CallAsync("no-such-tool")).Should().ThrowAsync<McpProtocolException>();

        ((int)call.Which.ErrorCode).Should().Be(ErrorCode.InvalidParams);
    }

    [Test]
    public async Task Arguments_that_the_schema_forbids_are_named()
    {
        var result = await CallAsync("calculator");

        result.IsError.Should().BeTrue();
        TextOf(result).Should().Contain("operation");
    }

    private async Task<CallToolResult> CallAsync(string tool, params (string Name, object Value)[] arguments) =>
        await Client.CallToolAsync(tool, arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value));

    private static string TextOf(CallToolResult result) => result.Content.OfType<TextContentBlock>().Single().Text;
}
