using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;
using OnlyMcp.Protocol.Revisions;

namespace OnlyMcp.Tests.Interop;

/// <summary>The TypeScript SDK's clients on a tour of the tools of a server of ours that become tasks: one tour each, over transport x form.</summary>
/// <remarks>Version 1 has the tasks of 2025-11-25 itself; version 2 follows both forms with a package of its own.</remarks>
[TestFixtureSource(typeof(TypeScriptClient), nameof(TypeScriptClient.WithTasks))]
[Parallelizable(ParallelScope.Self)]
public sealed class TypeScriptTaskTests(TypeScriptClient client)
{
    private JsonElement tour;

    [OneTimeSetUp]
    public async Task TourAsync()
    {
        await using var server = await TaskServer.StartAsync(client.Transport);
        var report = await client.TaskTourAsync(server.Target);
        report.GetProperty("protocolVersion").GetString().Should().Be(client.Spoken);
        tour = report.GetProperty("tasks");
    }

    /// <summary>Whether the client wishes for tasks, call by call, as in 2025-11-25.</summary>
    private bool IsWished => KnownRevisions.Find(client.Spoken)!.HasRequestedTasks;

    [SetUp]
    public void NameTheClient() => TestContext.Out.WriteLine(client);

    [Test]
    public void A_job_is_followed_by_what_it_says_to_its_result()
    {
        TextOf("job").Should().Be("done");
        Statuses("job").Should().StartWith("working").And.Contain("half");
    }

    [TestCase("required", "done")]
    [TestCase("late", "late")]
    public void A_call_becomes_a_task(string tool, string text)
    {
        TextOf(tool).Should().Be(text);
        Statuses(tool).Should().StartWith("working");
    }

    [Test]
    public void A_call_that_is_no_task_is_answered_at_once()
    {
        TextOf("plain").Should().Be("plain");
        Statuses("plain").Should().BeEmpty();
    }

    [Test]
    public void Whether_a_call_that_may_be_a_task_is_one_is_for_the_server_to_say_or_once_was_for_the_client()
    {
        TextOf("quick").Should().Be("quick");
        Statuses("quick").Any().Should().Be(IsWished);
    }

    [Test]
    public void A_tool_that_fails_has_a_result_that_says_so()
    {
        if (IsWished)
        {
            // Neither client asks for the result of a task that has failed: what it is told is why.
            Ends("fail").Should().Be(("failed", "This tool always fails."));
            return;
        }

        Result("fail").GetProperty("isError").GetBoolean().Should().BeTrue();
        Ends("fail").Should().Be(("completed", "This tool always fails."));
    }

    [Test]
    public void A_tool_that_breaks_ends_in_its_error()
    {
        Ends("break").Should().Be(("failed", "This tool always breaks."));
        if (!IsWished)
            tour.GetProperty("break").GetProperty("error").GetProperty("code").GetInt32().Should().Be(TaskServer.Broken);
    }

    [TestCase("ask", "Hello, Ada", new[] { "elicitation/create" })]
    [TestCase("several", "Ada, sampled by the peer, file:///peer", new[] { "elicitation/create", "sampling/createMessage", "roots/list" })]
    public void The_client_is_asked_in_the_middle(string tool, string text, string[] questions)
    {
        TextOf(tool).Should().Be(text);
        Statuses(tool).Should().Contain("input_required");
        tour.GetProperty(tool).GetProperty("asked").EnumerateArray().Select(question => question.GetProperty("method").GetString()).Should().Equal(questions);
    }

    [Test]
    public void A_cancel_reaches_the_tool()
    {
        tour.GetProperty("wait").GetProperty("cancelled").GetBoolean().Should().BeTrue();
        TextOf("cancelled").Should().Be("cancelled");
    }

    [Test]
    public void An_unknown_task_is_an_error() =>
        tour.GetProperty("unknown").GetProperty("error").GetProperty("code").GetInt32().Should().Be(ErrorCode.InvalidParams);

    [Test]
    public void A_task_that_nobody_follows_is_found_over_another_connection() => TextOf("resumed").Should().Be("done");

    [Test]
    public void Tasks_are_listed_where_it_is_known_whose_they_are()
    {
        if (IsWished && client.Transport == "stdio")
            Result("list").GetProperty("tasks").GetArrayLength().Should().BeGreaterThan(5);
        else
            tour.GetProperty("list").TryGetProperty("error", out _).Should().BeTrue();
    }

    private JsonElement Result(string tool)
    {
        var entry = tour.GetProperty(tool);
        entry.TryGetProperty("result", out var result).Should().BeTrue(entry.GetRawText());
        return result;
    }

    private string? TextOf(string tool) => Result(tool).GetProperty("content")[0].GetProperty("text").GetString();

    /// <summary>The last status that the client saw, and what was said with it.</summary>
    private (string? Status, string? Message) Ends(string tool)
    {
        var last = tour.GetProperty(tool).GetProperty("tasks").EnumerateArray().Last();
        return (last.GetProperty("status").GetString(), last.GetProperty("statusMessage").GetString());
    }

    /// <summary>Each status that the client saw, and what was said with it.</summary>
    private IEnumerable<string?> Statuses(string tool) => tour.GetProperty(tool).GetProperty("tasks").EnumerateArray().SelectMany(task =>
        task.TryGetProperty("statusMessage", out var said) && task.GetProperty("status").ValueEquals("working")
            ? new[] { task.GetProperty("status").GetString(), said.GetString() }
            : [task.GetProperty("status").GetString()]);
}
