using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Interop;

/// <summary>The TypeScript SDK's clients against the calculator and weather server: one conversation each, over transport x revision.</summary>
[TestFixtureSource(typeof(TypeScriptClient), nameof(TypeScriptClient.All))]
[Parallelizable(ParallelScope.Self)]
public sealed class TypeScriptClientTests(TypeScriptClient client)
{
    private JsonElement report;

    [OneTimeSetUp]
    public async Task ConverseAsync() => report = await client.ConverseAsync(
        client.Transport == "stdio"
            ? SamplePrograms.Command(SamplePrograms.Server, "--stdio")
            : [(await SampleOverHttp.AddressAsync(client.Transport)).AbsoluteUri],
        ("calculator", """{"operation":"multiply","a":6,"b":7}"""),
        ("calculator", """{"operation":"divide","a":1,"b":0}"""),
        ("weather", """{"location":"Oslo"}"""));

    [SetUp]
    public void NameTheClient() => TestContext.Out.WriteLine(client);

    [Test]
    public void It_speaks_the_revision_that_it_was_told()
    {
        report.GetProperty("protocolVersion").GetString().Should().Be(client.Spoken);
        report.GetProperty("serverInfo").GetProperty("name").GetString().Should().Be("example-server");
    }

    [Test]
    public void It_lists_the_tools() =>
        report.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).Should().Equal("calculator", "weather");

    [Test]
    public void It_calls_them()
    {
        TextOf(Call(0)).Should().Be("Result of multiply 6 and 7: 42");
        TextOf(Call(2)).Should().Contain("Oslo").And.Contain("sandstorm");
    }

    [Test]
    public void A_tool_that_fails_says_so_in_its_result()
    {
        Call(1).GetProperty("isError").GetBoolean().Should().BeTrue();
        TextOf(Call(1)).Should().Be("Error: Division by zero");
    }

    [Test]
    public void An_unknown_tool_is_an_error() =>
        report.GetProperty("unknownTool").GetProperty("error").GetProperty("code").GetInt32().Should().Be(ErrorCode.InvalidParams);

    [Test]
    public void Arguments_that_the_schema_forbids_are_named()
    {
        var result = report.GetProperty("badArguments").GetProperty("result");

        result.GetProperty("isError").GetBoolean().Should().BeTrue();
        TextOf(result).Should().Contain("operation");
    }

    [Test]
    public void A_session_ends_when_the_client_says_so()
    {
        if (client.Transport == "http" && client.Spoken != "2026-07-28")
            report.GetProperty("sessionEnded").GetRawText().Should().Be("true");
        else
            report.TryGetProperty("sessionId", out _).Should().BeFalse("there is none to end");
    }

    private JsonElement Call(int index) => report.GetProperty("calls")[index].GetProperty("result");

    private static string? TextOf(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString();
}
