using System.Text.Json;
using OnlyMcp.Protocol.JsonRpc;

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

    [TestCase("quick")]
    [TestCase("plain")]
    public void A_call_that_is_no_task_is_answered_at_once(string tool)
    {
        TextOf(tool).Should().Be(tool);
        Statuses(tool).Should().BeEmpty();
    }

    [Test]
    public void A_tool_that_fails_has_a_result_that_says_so()
    {
        Result("fail").GetProperty("isError").GetBoolean().Should().BeTrue();
        TextOf("fail").Should().Be("This tool always fails.");
        Statuses("fail").Should().Contain("completed");
    }

    [Test]
    public void A_tool_that_breaks_ends_in_its_error()
    {
        var error = tour.GetProperty("break").GetProperty("error");

        error.GetProperty("code").GetInt32().Should().Be(TaskServer.Broken);
        error.GetProperty("message").GetString().Should().Contain("This tool always breaks.");
        Statuses("break").Should().Contain("failed");
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

    private JsonElement Result(string tool)
    {
        var entry = tour.GetProperty(tool);
        entry.TryGetProperty("result", out var result).Should().BeTrue(entry.GetRawText());
        return result;
    }

    private string? TextOf(string tool) => Result(tool).GetProperty("content")[0].GetProperty("text").GetString();

    /// <summary>Each status that the client saw, and what was said with it.</summary>
    private IEnumerable<string?> Statuses(string tool) => tour.GetProperty(tool).GetProperty("tasks").EnumerateArray().SelectMany(task =>
        task.TryGetProperty("statusMessage", out var said) && task.GetProperty("status").ValueEquals("working")
            ? new[] { task.GetProperty("status").GetString(), said.GetString() }
            : [task.GetProperty("status").GetString()]);
}
