using OnlyMcp.Client;
using OnlyMcp.Client.Stdio;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Protocol.Transport;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Stdio;

/// <summary>A server's process that ends by itself, and a client that was told to start it again.</summary>
[Spec("2026-07-28 basic/transports/stdio §Unexpected Termination")]
public sealed class RestartTests
{
    private readonly string file = Path.GetTempFileName();

    [SetUp]
    public void Forget() => File.Delete(file);

    [TearDown]
    public void CleanUp() => File.Delete(file);

    [Test]
    public async Task A_lost_request_that_stands_alone_is_asked_again()
    {
        var reasons = new List<TransportClosedException>();
        await using var client = await StartAsync(KnownRevisions.V20260728, new RestartOptions { OnRestarted = reasons.Add });
        var before = (await client.CallToolAsync("pid")).Text;

        (await client.CallToolAsync("exit-once", new { text = file })).Text.Should().Be("survived");

        (await client.CallToolAsync("pid")).Text.Should().NotBe(before);
        reasons.Should().ContainSingle().Which.ExitCode.Should().NotBeNull();
    }

    [Test]
    public async Task A_lost_call_of_a_session_is_not_repeated_and_the_next_one_is_served()
    {
        var lost = 0;
        await using var client = await StartAsync(KnownRevisions.V20251125, new RestartOptions(), new McpClientOptions { OnSessionLost = () => lost++ });

        await client.Awaiting(it => it.CallToolAsync("exit-once", new { text = file })).Should().ThrowAsync<SessionLostException>();

        (await client.CallToolAsync("exit-once", new { text = file })).Text.Should().Be("survived");
        lost.Should().Be(1);
    }

    [Test]
    public async Task A_call_after_the_process_has_ended_starts_it_again()
    {
        await using var client = await StartAsync(KnownRevisions.V20251125, new RestartOptions());
        var process = System.Diagnostics.Process.GetProcessById(int.Parse((await client.CallToolAsync("pid")).Text, System.Globalization.CultureInfo.InvariantCulture));

        process.Kill();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await Client.SessionTests.Eventually(() => client.Conversation.HasEnded);

        (await client.CallToolAsync("echo", new { text = "again" })).Text.Should().Be("again");
    }

    [TestCase("2025-11-25")]
    [TestCase("2025-06-18")]
    [TestCase("2025-03-26")]
    [TestCase("2024-11-05")]
    [Spec("2025-11-25 server/utilities/pagination §Implementation Guidelines", 3)]
    public async Task A_cursor_is_not_taken_to_the_next_process_though_it_was_never_sent(string version)
    {
        await using var client = await StartAsync(KnownRevisions.Find(version)!, new RestartOptions());
        var process = System.Diagnostics.Process.GetProcessById(int.Parse((await client.CallToolAsync("pid")).Text, System.Globalization.CultureInfo.InvariantCulture));
        process.Kill();
        await Client.SessionTests.Eventually(() => client.Conversation.HasEnded);

        await client.Awaiting(it => it.ListToolsPageAsync("2")).Should().ThrowAsync<SessionLostException>();

        (await client.ListToolsPageAsync()).Tools.Should().NotBeEmpty();
    }

    [Test]
    public async Task Many_who_lost_their_answers_start_it_once()
    {
        var restarts = 0;
        await using var client = await StartAsync(KnownRevisions.V20260728, new RestartOptions { OnRestarted = _ => Interlocked.Increment(ref restarts) });

        var calls = Enumerable.Range(0, 20).Select(_ => client.CallToolAsync("exit-once", new { text = file }));

        (await Task.WhenAll(calls)).Should().OnlyContain(answer => answer.Text == "survived");
        restarts.Should().Be(1);
    }

    [Test]
    public async Task A_process_that_ends_each_time_is_given_up()
    {
        await using var client = await StartAsync(KnownRevisions.V20260728, new RestartOptions { MaxRestarts = 2, Delay = TimeSpan.Zero });

        for (var i = 0; i < 2; i++)
            await client.Awaiting(it => it.CallToolAsync("exit")).Should().ThrowAsync<TransportClosedException>();
        var again = client.Awaiting(it => it.CallToolAsync("exit"));

        (await again.Should().ThrowAsync<TransportClosedException>()).WithMessage("*started again 2 times within 60 s, which is the limit.");
    }

    [Test]
    public async Task Without_the_wish_for_it_nothing_is_started_again()
    {
        await using var client = await StartAsync(KnownRevisions.V20260728, null);

        await client.Awaiting(it => it.CallToolAsync("exit-once", new { text = file })).Should().ThrowAsync<TransportClosedException>();
        await client.Awaiting(it => it.CallToolAsync("pid")).Should().ThrowAsync<TransportClosedException>();
    }

    [Test]
    public async Task Leaving_while_it_is_started_again_does_not_hang()
    {
        var client = await StartAsync(KnownRevisions.V20260728, new RestartOptions { Delay = TimeSpan.FromHours(1) });
        await client.Awaiting(it => it.CallToolAsync("exit")).Should().ThrowAsync<TransportClosedException>();
        var waiting = client.CallToolAsync("pid");

        await client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        await waiting.Awaiting(it => it).Should().ThrowAsync<TransportClosedException>();
    }

    private static Task<McpClient> StartAsync(Revision revision, RestartOptions? restart, McpClientOptions? options = null)
    {
        var command = Programs.Command("StdioServer");
        return McpClient.StartAsync(
            new StdioClientOptions { Command = command[0], Arguments = command[1..], Restart = restart },
            (options ?? new McpClientOptions()) with { Revision = revision });
    }
}
