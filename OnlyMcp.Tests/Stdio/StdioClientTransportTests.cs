using System.Diagnostics;
using System.Globalization;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>A client's transport and the process that it starts.</summary>
[Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
public sealed class StdioClientTransportTests
{
    private RecordedMessages heard = null!;

    [SetUp]
    public void Listen() => heard = new RecordedMessages();

    [Test]
    public async Task A_request_to_a_process_is_answered()
    {
        await using var transport = await StartAsync(Options());
        await transport.SendAsync(new JsonRpcRequest(1, "ping"), default);
        (await heard.NextAsync()).Should().BeOfType<JsonRpcResultResponse>().Which.Id.Should().Be(new RequestId(1));
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Shutdown")]
    public async Task Closing_ends_the_process_by_closing_its_input()
    {
        var transport = await StartAsync(Options());
        await transport.DisposeAsync();
        await transport.DisposeAsync();
        var reason = await heard.WhyClosed;
        reason.ExitCode.Should().Be(0);
        await FluentActions.Awaiting(() => transport.SendAsync(new JsonRpcRequest(1, "ping"), default)).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    public async Task A_command_that_does_not_exist_is_named()
    {
        await using var transport = new StdioClientTransport(new StdioClientOptions { Command = "no-such-command-here" });
        var start = () => transport.StartAsync(heard, default);
        (await start.Should().ThrowAsync<TransportClosedException>()).WithMessage("*'no-such-command-here' was not found: it is in no folder of PATH.");
    }

    [Test]
    public async Task A_program_beside_us_is_not_taken_for_one_in_the_path()
    {
        var folder = Directory.CreateTempSubdirectory("onlymcp-");
        var planted = Path.Combine(folder.FullName, "planted-command");
        await File.WriteAllTextAsync(planted, "#!/bin/sh\necho planted\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(planted, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await using var transport = new StdioClientTransport(new StdioClientOptions { Command = "planted-command", WorkingDirectory = folder.FullName });
        await FluentActions.Awaiting(() => transport.StartAsync(heard, default)).Should().ThrowAsync<TransportClosedException>();
        folder.Delete(recursive: true);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Unexpected Termination")]
    public async Task A_process_that_ends_by_itself_says_with_what_code_and_its_last_lines()
    {
        await using var transport = await StartAsync(Options("exit"));
        var reason = await heard.WhyClosed;
        reason.ExitCode.Should().Be(3);
        reason.StandardErrorTail.Should().HaveCount(20).And.StartWith("line 6").And.EndWith("line 25");
        reason.Message.Should().Contain("exit code 3").And.Contain("line 25");
        var send = () => transport.SendAsync(new JsonRpcRequest(1, "ping"), default);
        (await send.Should().ThrowAsync<TransportClosedException>()).Which.ExitCode.Should().Be(3);
    }

    [Test]
    public async Task A_process_that_dies_within_a_call_says_so()
    {
        await using var transport = await StartAsync(Options());
        await transport.SendAsync(Initialize(), default);
        await heard.NextAsync();
        await transport.SendAsync(Call("exit"), default);
        var reason = await heard.WhyClosed;
        reason.ExitCode.Should().Be(3);
        reason.StandardErrorTail.Should().Contain("leaving with code 3");
    }

    [Test]
    public async Task The_environment_is_an_allow_list_and_what_the_user_adds()
    {
        const string Secret = "ONLYMCP_TEST_SECRET";
        Environment.SetEnvironmentVariable(Secret, "x");
        var lines = new List<string>();
        var options = Options("env") with
        {
            StandardError = lines.Add,
            Environment = new Dictionary<string, string?> { ["GIVEN"] = "1", ["HOME"] = null },
        };
        await using (await StartAsync(options))
            await heard.WhyClosed;
        lines.Should().Contain("PATH").And.Contain("GIVEN").And.NotContain([Secret, "HOME"]);
    }

    [Test]
    public async Task What_is_no_message_is_told_and_reading_goes_on()
    {
        await using var transport = await StartAsync(Options("garbage") with { Pipe = new PipeClientOptions { MaxMessageBytes = 50_000 } });
        (await heard.NextMalformedAsync()).Text.Should().Be("Starting up...");
        var tooLong = await heard.NextMalformedAsync();
        tooLong.Text.Should().Be(new string('x', 1024));
        tooLong.Fault.Message.Should().Contain("longer than 50000 bytes");

        await transport.SendAsync(new JsonRpcRequest(1, "ping"), default);
        (await heard.NextAsync()).Should().BeOfType<JsonRpcResultResponse>();
    }

    [Test]
    public async Task A_process_that_closes_its_output_and_lives_on_is_noticed_and_ended()
    {
        var transport = await StartAsync(Options("close-output"));
        (await heard.NextAsync()).Should().BeOfType<JsonRpcNotification>();
        var reason = await heard.WhyClosed;
        reason.ExitCode.Should().BeNull();
        reason.Message.Should().Contain("is still running");
        await transport.DisposeAsync();
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Shutdown")]
    public async Task A_process_that_does_not_end_is_ended_with_all_that_it_has_started()
    {
        var ids = new System.Threading.Channels.UnboundedChannelOptions();
        var lines = System.Threading.Channels.Channel.CreateUnbounded<string>(ids);
        var transport = await StartAsync(Options("hang") with
        {
            StandardError = line => lines.Writer.TryWrite(line),
            ExitTimeout = TimeSpan.FromSeconds(3),
        });
        await transport.SendAsync(new JsonRpcRequest(1, "ping"), default);
        await heard.NextAsync();
        await transport.DisposeAsync();

        var said = new List<string>();
        while (lines.Reader.TryRead(out var line))
            said.Add(line);
        var child = int.Parse(said.Single(line => line.StartsWith("child ", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture);
        await ShouldBeGoneAsync(child);
        (await heard.WhyClosed).ExitCode.Should().NotBe(0);
    }

    [Test]
    public async Task What_a_server_logs_is_handed_on_line_by_line_whatever_it_is()
    {
        var lines = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var transport = await StartAsync(Options() with
        {
            StandardError = line =>
            {
                lines.Writer.TryWrite(line);
                throw new InvalidOperationException("a listener's fault is its own");
            },
        });
        await transport.SendAsync(Initialize(), default);
        await heard.NextAsync();
        await transport.SendAsync(Call("print"), default);
        await heard.NextAsync();
        var said = new List<string>();
        while (said.Count < 3)
            said.Add(await lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        said.Should().Equal("printed by Console.WriteLine", "printed by OpenStandardOutput", "printed to descriptor 1");
    }

    private static JsonRpcRequest Initialize() => new("i", "initialize", new JsonBody(
        """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}"""u8.ToArray()));

    private static JsonRpcRequest Call(string tool) =>
        new(tool, "tools/call", new JsonBody(System.Text.Encoding.UTF8.GetBytes($$$"""{"name":"{{{tool}}}","arguments":{}}""")));

    private static StdioClientOptions Options(string argument = "serve")
    {
        var command = Programs.Command("StdioServer", argument);
        return new StdioClientOptions { Command = command[0], Arguments = command[1..] };
    }

    private async Task<StdioClientTransport> StartAsync(StdioClientOptions options)
    {
        var transport = new StdioClientTransport(options);
        await transport.StartAsync(heard, default);
        return transport;
    }

    private static async Task ShouldBeGoneAsync(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (ArgumentException)
        {
            // It is gone.
        }
    }
}
