using System.Globalization;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>A server in a process of its own, driven by bare lines.</summary>
[Spec("2026-07-28 basic/transports/stdio §Receiving Messages")]
public sealed class StdioServerTests
{
    private const int CloseOnExec = 0x80000;

    [Test]
    public async Task What_is_sent_at_once_is_answered_in_order_before_the_server_ends()
    {
        await using var server = StdioPeer.Start();
        await server.SendAsync("""
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
            {"jsonrpc":"2.0","method":"notifications/initialized"}
            {"jsonrpc":"2.0","id":2,"method":"tools/list"}
            """);
        server.CloseInput();

        (await server.ReadAsync()).Should().StartWith("""{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25",""");
        (await server.ReadAsync()).Should().StartWith("""{"jsonrpc":"2.0","id":2,"result":{"tools":[""");
        (await server.ReadOrEndAsync()).Should().BeNull();
        (await server.ExitAsync()).Should().Be(0);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Request Metadata")]
    public async Task Both_eras_are_served_on_one_pipe()
    {
        await using var server = StdioPeer.Start();
        await server.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"modern"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""");
        (await server.ReadTextAsync()).Should().Be("modern");
        await server.InitializeAsync("2024-11-05");
        await server.CallAsync(2, "echo", "legacy");
        (await server.ReadTextAsync()).Should().Be("legacy");
    }

    [TestCase("serve")]
    [TestCase("use-console-first", Description = "Console has made its copy of the output before the server started")]
    [Spec("2026-07-28 basic/transports/stdio §Sending Messages")]
    [Spec("2026-07-28 basic/transports/stdio", 2, AtEveryRevision = true)]
    public async Task Whatever_a_tool_or_its_children_print_goes_to_standard_error(string mode)
    {
        await using var server = StdioPeer.Start(mode);
        await server.InitializeAsync();
        await server.CallAsync(1, "print");
        (await server.ReadTextAsync()).Should().Be("printed");
        await server.ReadErrorAsync("printed by Console.WriteLine");
        await server.ReadErrorAsync("printed by OpenStandardOutput");
        await server.ReadErrorAsync("printed to descriptor 1");

        await server.CallAsync(2, "child");
        (await server.ReadTextAsync()).Should().Be("child ended with 0", "its standard input is empty");
        await server.ReadErrorAsync("printed by a child");

        await server.CallAsync(3, "read");
        (await server.ReadTextAsync()).Should().Be("nothing to read");
        await server.ShouldAnswerAsync();
    }

    [Test]
    public async Task A_writer_that_was_kept_from_before_the_start_is_turned_too()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Only Linux tells which descriptors are copies of standard output; elsewhere StdioWire.MoveAside comes first.");

        await using var server = StdioPeer.Start("use-console-first");
        await server.InitializeAsync();
        await server.CallAsync(1, "print-cached");
        (await server.ReadTextAsync()).Should().Be("printed");
        await server.ReadErrorAsync("printed by a writer from before");
        await server.ShouldAnswerAsync();
    }

    [Test]
    public async Task No_child_process_inherits_the_wire()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The test reads /proc.");

        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        var descriptors = Directory.GetFiles($"/proc/{server.Id}/fd").Select(path => (Number: Path.GetFileName(path), new FileInfo(path).LinkTarget));
        var wire = descriptors.Where(descriptor => server.WirePipes.Contains(descriptor.LinkTarget)).ToArray();
        wire.Should().HaveCount(2, "0 and 1 point elsewhere");
        foreach (var (number, _) in wire)
        {
            var flags = (await File.ReadAllLinesAsync($"/proc/{server.Id}/fdinfo/{number}"))[1].Split('\t')[1];
            (Convert.ToInt32(flags, 8) & CloseOnExec).Should().NotBe(0);
        }
    }

    [Test]
    public async Task What_the_program_prints_after_the_server_has_ended_reaches_nobody()
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        server.CloseInput();
        (await server.ReadOrEndAsync()).Should().BeNull();
        await server.ReadErrorAsync("printed after the server has ended");
        (await server.ExitAsync()).Should().Be(0);
    }

    [Test]
    public async Task Tools_that_block_stall_nobody()
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        await server.CallAsync(1, "block");
        await server.CallAsync(2, "block");
        await server.CallAsync(3, "block");
        await server.ShouldAnswerAsync();
        await server.CallAsync(4, "release");
        var answers = new[] { await server.ReadTextAsync(), await server.ReadTextAsync(), await server.ReadTextAsync(), await server.ReadTextAsync() };
        answers.Should().BeEquivalentTo("released", "unblocked", "unblocked", "unblocked");
    }

    [Test]
    [Spec("2026-07-28 server/tools §Error Handling")]
    public async Task A_tool_that_throws_is_an_error_result_and_no_end()
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        await server.CallAsync(1, "crash");
        (await server.ReadAsync()).Should().Contain("\"isError\":true").And.NotContain("secret");
        await server.ShouldAnswerAsync();
    }

    [TestCase("2026-07-28")]
    [TestCase("2025-11-25")]
    [Spec("2026-07-28 basic/transports/stdio §Cancellation", 2)]
    public async Task A_request_that_is_cancelled_stops_and_is_never_answered(string version)
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        await server.SendAsync(version == Wire.Modern ? Wire.ModernCall("wait") : Wire.LegacyCall("wait"));
        await server.ReadErrorAsync("waiting");
        await server.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await server.ReadErrorAsync("cancelled");
        await server.ShouldAnswerAsync();
        server.CloseInput();
        (await server.ReadOrEndAsync()).Should().BeNull("the server ends when all is said, and an answer that came late would be");
    }

    [Test]
    [Spec("2026-07-28 basic §Requests")]
    public async Task An_id_that_is_in_flight_is_refused_and_the_first_request_goes_on()
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        await server.CallAsync(7, "block");
        await server.CallAsync(7, "echo", "x");
        (await server.ReadAsync()).Should().StartWith("""{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"A request with the id 7 is still being answered""");
        await server.CallAsync("\"7\"", "release");
        var answers = new[] { await server.ReadAsync(), await server.ReadAsync() };
        answers.Should().Contain(line => line.Contains("\"id\":7,", StringComparison.Ordinal) && line.Contains("unblocked", StringComparison.Ordinal));
    }

    [Test]
    public async Task Only_so_many_requests_are_answered_at_once()
    {
        await using var server = StdioPeer.Start("serve", ("MAX_CONCURRENT", 2));
        await server.InitializeAsync();
        await server.CallAsync(1, "wait");
        await server.CallAsync(2, "wait");
        await server.CallAsync(3, "echo", "x");
        (await server.ReadAsync()).Should().Be("""{"jsonrpc":"2.0","id":3,"error":{"code":-32603,"message":"2 requests are being answered on this pipe, which is the limit; wait for one of them."}}""");
        await server.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await server.ReadErrorAsync("cancelled");
    }

    [Test]
    [Spec("2026-07-28 basic/patterns/progress §Behavior Requirements")]
    public async Task Progress_comes_in_order_and_before_the_answer()
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        await server.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"progress","arguments":{},"_meta":{"progressToken":"p"}}}""");
        for (var i = 1; i <= 3; i++)
            (await server.ReadAsync()).Should().Contain("notifications/progress").And.Contain($"\"progress\":{i},");
        (await server.ReadTextAsync()).Should().Be("done");
    }

    [Test]
    public async Task An_endless_line_fills_no_memory()
    {
        await using var server = StdioPeer.Start("serve", ("MAX_BYTES", 100_000));
        await server.InitializeAsync();
        var block = new byte[1024 * 1024];
        Array.Fill(block, (byte)'x');
        await server.SendAsync(block);
        (await server.ReadAsync()).Should().Contain("The message is longer than 100000 bytes");
        await server.SendAsync(""); // The endless line ends.
        await server.CallAsync(1, "memory");
        var before = await MemoryAsync();

        for (var i = 0; i < 100; i++)
            await server.SendAsync(block);
        (await server.ReadAsync()).Should().Contain("The message is longer than 100000 bytes");
        await server.SendAsync("");
        await server.CallAsync(2, "memory");
        (await MemoryAsync() - before).Should().BeLessThan(8_000_000);
        await server.ShouldAnswerAsync();

        async Task<long> MemoryAsync() => long.Parse((await server.ReadTextAsync()).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    [Test]
    public async Task A_client_that_stops_reading_is_given_up()
    {
        await using var server = StdioPeer.Start("serve", ("WRITE_MS", 300), ("SHUTDOWN_MS", 300));
        await server.InitializeAsync();
        await server.CallAsync(1, "large", "10000000");
        (await server.ExitAsync()).Should().Be(0);
    }

    [Test]
    public async Task A_client_that_is_gone_ends_the_server_though_its_input_is_open()
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        server.CloseOutput();
        await server.CallAsync(1, "echo", "x");
        (await server.ExitAsync()).Should().Be(0);
    }

    [Test]
    [Spec("2026-07-28 basic/transports/stdio §Shutdown")]
    public async Task At_the_end_of_the_input_what_is_in_flight_is_finished_but_not_waited_for_without_end()
    {
        await using var server = StdioPeer.Start("serve", ("SHUTDOWN_MS", 500));
        await server.InitializeAsync();
        await server.CallAsync(1, "wait");
        await server.ReadErrorAsync("waiting");
        await server.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"progress","arguments":{}}}""");
        server.CloseInput();
        (await server.ReadTextAsync()).Should().Be("done");
        (await server.ReadOrEndAsync()).Should().BeNull("the other was cancelled");
        await server.ReadErrorAsync("cancelled");
        (await server.ExitAsync()).Should().Be(0);
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    [Platform(Exclude = "Win")]
    public async Task A_signal_ends_the_server_in_order(string signal)
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync();
        using (var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", server.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        (await server.ReadOrEndAsync()).Should().BeNull();
        (await server.ExitAsync()).Should().Be(0);
    }

    [Test]
    [Spec("2025-03-26 basic §Batching", 1)]
    public async Task A_batch_is_answered_by_one_array_where_its_revision_has_batches()
    {
        await using var server = StdioPeer.Start();
        await server.InitializeAsync("2025-03-26");
        await server.SendAsync("""[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},7,{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"text":"x"}}},{"jsonrpc":"2.0","id":3,"method":"initialize"}]""");
        using var answer = System.Text.Json.JsonDocument.Parse(await server.ReadAsync());
        var messages = answer.RootElement.EnumerateArray().ToArray();
        messages.Should().HaveCount(4);
        messages.Count(message => message.TryGetProperty("error", out _)).Should().Be(2);

        await server.SendAsync("""[{"jsonrpc":"2.0","method":"notifications/x"}]""");
        await server.SendAsync("[]");
        (await server.ReadAsync()).Should().Be("""{"jsonrpc":"2.0","error":{"code":-32600,"message":"A batch holds at least one message."}}""");
        await server.ShouldAnswerAsync();
    }
}
