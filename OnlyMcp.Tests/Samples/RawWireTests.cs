using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The raw wire, which knows nothing of OnlyMcp, speaks with our server and with others.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RawWireTests
{
    [Test]
    public async Task Both_eras_calculate_the_same()
    {
        await using var server = await SamplePrograms.StartServerAsync();

        var wire = await SamplePrograms.RunAsync(SamplePrograms.RawWire, server.At("mcp"));

        wire.ExitCode.Should().Be(0, wire.Errors);
        wire.Output.Split("Result of multiply 6 and 7: 42").Should().HaveCount(3);
        wire.Output.Should().NotContain("\"error\"");
    }

    [Test]
    public async Task Event_streams_are_read_by_hand()
    {
        await using var server = await Peers.StartServerAsync("ts-server-v2.mjs", "http");

        var wire = await SamplePrograms.RunAsync(SamplePrograms.RawWire, server.Url.AbsoluteUri);

        wire.ExitCode.Should().Be(0, wire.Errors);
        wire.Output.Should().Contain("Content-Type: text/event-stream").And.Contain("\"name\":\"echo\"").And.NotContain("data:");
    }

    [Test]
    public async Task It_ends_with_1_where_nobody_listens()
    {
        var wire = await SamplePrograms.RunAsync(SamplePrograms.RawWire, $"http://127.0.0.1:{FreePort.Next()}/mcp");

        wire.ExitCode.Should().Be(1);
        wire.Errors.Should().Contain("cannot be reached");
    }

    [TestCase("--help")]
    [TestCase("/mcp")]
    [TestCase("http://localhost:1/mcp again")]
    public async Task It_says_how_it_is_used(string arguments)
    {
        var wire = await SamplePrograms.RunAsync(SamplePrograms.RawWire, arguments.Split(' '));

        wire.ExitCode.Should().Be(2);
        wire.Errors.Should().StartWith("Usage: ");
    }
}
