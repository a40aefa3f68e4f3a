using OnlyMcp.Protocol.Testing;
using OnlyMcp.Server;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>One server takes all that is bad, one thing after the other, and serves on.</summary>
[Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
public abstract class BadInputTests
{
    private StdioPeer server = null!;

    internal abstract StdioPeer Start();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = Start();
        await server.InitializeAsync();
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => server.DisposeAsync();

    [TestCaseSource(typeof(BadInput), nameof(BadInput.Lines))]
    public async Task Bad_input_has_its_answer_and_the_next_good_request_succeeds(byte[] line, string? answer)
    {
        await server.SendAsync([.. line, (byte)'\n']);
        if (answer is not null)
            (await server.ReadAsync()).Should().StartWith(answer);
        await server.ShouldAnswerAsync();
    }
}

[TestFixture]
public sealed class BadInputToAProcessTests : BadInputTests
{
    internal override StdioPeer Start() => StdioPeer.Start();
}

[TestFixture]
public sealed class BadInputInMemoryTests : BadInputTests
{
    internal override StdioPeer Start()
    {
        var (client, server) = InMemoryPipe.Create();
        _ = new McpServer("test", "1").ServeAsync(server, server);
        return new StdioPeer(client);
    }
}
