using System.Globalization;
using System.Text.Json.Nodes;
using OnlyMcp.Client;
using OnlyMcp.Protocol.Revisions;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>The long job outlives its client and its server, as processes, in both eras.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LongJobTests
{
    private const int Failed = 1;
    private const int NotUnderstood = 2;
    private const int GoesOn = 3;
    private const int Cancelled = 4;

    private static readonly int[] AllScenes = [.. Enumerable.Range(1, 10)];

    [TestCase("modern", "modern")]
    [TestCase("legacy", "legacy")]
    [TestCase("modern", "legacy")]
    [TestCase("legacy", "modern")]
    [Spec("ext-tasks tasks §Task Polling")]
    [Spec("2025-11-25 basic/utilities/tasks §Getting Tasks")]
    public async Task Another_client_goes_on_where_one_was_killed(string first, string second)
    {
        await using var studio = await Studio.OpenAsync();
        await using (var killed = studio.Start("--era", first, "--seconds", "2"))
            await Studio.HearOfSceneAsync(killed);

        var client = await studio.RunAsync("--era", second, "--answer", "grey");

        client.ExitCode.Should().Be(0, client.Errors);
        client.Output.Should().ContainAll("Back at the job", "asks: Half of the film", "The film has 10 scenes, and ends in Grey.");
        client.Output.Should().NotContain("has begun");
        File.Exists(studio.Handle).Should().BeFalse("the job is over");
        (await studio.EndAsync()).Should().Equal(AllScenes);
    }

    [TestCase("modern")]
    [TestCase("legacy")]
    public async Task Progress_is_told_before_the_question_and_after_it(string era)
    {
        await using var studio = await Studio.OpenAsync();

        var client = await studio.RunAsync("--era", era, "--seconds", "3", "--answer", "colour");

        client.ExitCode.Should().Be(0, client.Errors);
        var halves = client.Output.Split("asks: ");
        halves[0].Should().MatchRegex("scene [1-5] of 10 is drawn");
        halves[1].Should().MatchRegex("scene ([6-9]|10) of 10 is drawn");
    }

    [TestCase("modern")]
    [TestCase("legacy")]
    [Platform(Exclude = "Win", Reason = "Windows has no signal to send to one process.")]
    public async Task Ctrl_C_leaves_the_job_alone_and_says_how_to_come_back(string era)
    {
        await using var studio = await Studio.OpenAsync();
        await using var first = studio.Start("--era", era, "--seconds", "1");
        await Studio.HearAsync(first, "asks: ");

        await first.InterruptAsync();

        var left = await first.EndAsync();
        left.ExitCode.Should().Be(GoesOn, left.Errors);
        left.Output.Should().Contain("The job goes on without us. The same command comes back to it");
        await using var second = studio.Start("--era", era);
        await Studio.HearAsync(second, "asks: ");
        await second.WriteLineAsync("blue");
        await second.WriteLineAsync("Colour");
        var client = await second.EndAsync();
        client.ExitCode.Should().Be(0, client.Errors);
        client.Output.Should().Contain("ends in Colour.");
    }

    [TestCase("modern")]
    [TestCase("legacy")]
    [Spec("ext-tasks tasks §Task Cancellation")]
    [Spec("2025-11-25 basic/utilities/tasks §Cancelling Tasks")]
    public async Task A_second_client_cancels_the_job_of_the_first(string era)
    {
        await using var studio = await Studio.OpenAsync();
        await using var first = studio.Start("--era", era, "--seconds", "60");
        await Studio.HearOfSceneAsync(first);

        var second = await studio.RunAsync("--era", era, "--cancel");

        second.ExitCode.Should().Be(0, second.Errors);
        second.Output.Should().Contain("The job was cancelled");
        (await first.EndAsync()).ExitCode.Should().Be(Cancelled);
        File.Exists(studio.Handle).Should().BeFalse("the job is over");
    }

    [TestCase("modern")]
    [TestCase("legacy")]
    public async Task A_job_that_is_done_is_not_cancelled_but_shown(string era)
    {
        await using var studio = await Studio.OpenAsync();
        await using (var killed = studio.Start("--era", era, "--seconds", "2", "--answer", "grey"))
        {
            await Studio.HearAsync(studio.Server.Process, "Scene 6 ");
            killed.Kill();
        }

        await Studio.HearAsync(studio.Server.Process, "Scene 10 ");
        var client = await studio.RunAsync("--era", era, "--cancel");

        client.ExitCode.Should().Be(0, client.Errors);
        client.Output.Should().Contain("The job was done already: The film has 10 scenes, and ends in Grey.");
    }

    [TestCase("modern")]
    [TestCase("legacy")]
    [Spec("ext-tasks tasks §Task Creation")]
    public async Task The_job_and_its_client_go_on_when_the_server_was_killed(string era)
    {
        await using var studio = await Studio.OpenAsync();
        await using var child = studio.Start("--era", era, "--seconds", "4", "--answer", "colour");
        var heard = await Studio.HearOfSceneAsync(child);

        var before = await studio.KillAsync();

        var client = await child.EndAsync();
        client.ExitCode.Should().Be(0, client.Errors);
        client.Output.Should().Contain("ends in Colour.");
        var after = await studio.EndAsync();
        before.Concat(after).Distinct().Should().Equal(AllScenes);
        before.Intersect(after).Should().HaveCountLessThanOrEqualTo(1, "only what was being drawn is drawn again");
        after.Should().OnlyContain(scene => scene >= heard);
    }

    [TestCase("modern")]
    [TestCase("legacy")]
    public async Task A_question_survives_the_server(string era)
    {
        await using var studio = await Studio.OpenAsync();
        await using var child = studio.Start("--era", era, "--seconds", "1");
        await Studio.HearAsync(child, "asks: ");

        var before = await studio.KillAsync();

        // In a session the server itself asks, and so again in the next one.
        if (era == "legacy")
            await Studio.HearAsync(child, "asks: ");
        await child.WriteAndCloseAsync("grey\n");
        var client = await child.EndAsync();
        client.ExitCode.Should().Be(0, client.Errors);
        client.Output.Should().Contain("ends in Grey.");
        before.Concat(await studio.EndAsync()).Should().Equal(AllScenes);
    }

    [TestCase("modern")]
    [TestCase("legacy")]
    public async Task A_job_whose_question_nobody_answers_waits(string era)
    {
        await using var studio = await Studio.OpenAsync();

        var alone = await studio.RunAsync("--era", era, "--seconds", "1");
        var wrong = await studio.RunAsync("--era", era, "--answer", "blue");
        var no = await studio.RunAsync("--era", era, "--answer", "");

        alone.ExitCode.Should().Be(GoesOn);
        alone.Errors.Should().Contain("Nobody is here to answer.");
        wrong.ExitCode.Should().Be(GoesOn);
        wrong.Errors.Should().Contain("--answer can be Colour or Grey, and not blue.");
        no.ExitCode.Should().Be(0, no.Errors);
        no.Output.Should().Contain("The film ends after 5 scenes.");
    }

    [Test]
    public async Task A_client_of_a_revision_without_tasks_waits_for_its_answer()
    {
        await using var studio = await Studio.OpenAsync();
        await using var client = await McpClient.ConnectAsync(studio.Server.At("mcp"), new McpClientOptions
        {
            Revision = KnownRevisions.Find("2025-06-18"),
            OnElicit = (_, _, _) => new(ElicitAnswer.Accept(new JsonObject { ["look"] = "Grey" })),
        });

        var call = await client.StartToolAsync("draw_film", new { seconds = 0.1 });

        call.Handle.Should().BeNull();
        (await call.WaitAsync()).Text.Should().Be("The film has 10 scenes, and ends in Grey.");
    }

    [Test]
    public async Task A_job_that_the_server_does_not_know_is_forgotten()
    {
        await using var studio = await Studio.OpenAsync();
        await File.WriteAllTextAsync(studio.Handle, """{"taskId":"0123456789abcdef0123456789abcdef","tool":"draw_film"}""");

        var client = await studio.RunAsync();

        client.ExitCode.Should().Be(Failed);
        client.Errors.Should().Contain("does not know that job any more");
        File.Exists(studio.Handle).Should().BeFalse();
    }

    [Test]
    public async Task A_file_that_holds_no_handle_is_left_alone()
    {
        await using var studio = await Studio.OpenAsync();
        await File.WriteAllTextAsync(studio.Handle, "my diary");

        var client = await studio.RunAsync();

        client.ExitCode.Should().Be(Failed);
        client.Errors.Should().Contain("no handle").And.Contain(studio.Handle);
        (await File.ReadAllTextAsync(studio.Handle)).Should().Be("my diary");
    }

    [Test]
    public async Task A_handle_that_cannot_be_kept_ends_the_job()
    {
        await using var studio = await Studio.OpenAsync();

        var client = await SamplePrograms.RunAsync(
            SamplePrograms.LongJob, "--seconds", "1", "--handle", Path.Combine(studio.Handle, "below", "nothing"), studio.Server.At("mcp"));

        client.ExitCode.Should().Be(Failed);
        client.Errors.Should().Contain("below");
        (await studio.EndAsync()).Should().NotContain(5, "it was cancelled at its beginning");
    }

    [Test]
    public async Task Where_there_is_no_job_none_is_cancelled()
    {
        await using var studio = await Studio.OpenAsync();

        var client = await studio.RunAsync("--cancel");

        client.ExitCode.Should().Be(Failed);
        client.Errors.Should().StartWith("There is no job to cancel.");
    }

    [Test]
    public async Task A_folder_or_a_port_in_use_is_told_and_ends_the_server_with_1()
    {
        await using var studio = await Studio.OpenAsync();
        var port = studio.Server.Root.Port.ToString(CultureInfo.InvariantCulture);

        var sameFolder = await SamplePrograms.RunAsync(SamplePrograms.LongJob, "serve", "--port", "0", "--tasks", studio.Tasks);
        var samePort = await SamplePrograms.RunAsync(
            SamplePrograms.LongJob, "serve", "--port", port, "--tasks", Path.Combine(studio.Tasks, "..", "others"));

        sameFolder.ExitCode.Should().Be(Failed);
        sameFolder.Errors.Should().Contain(studio.Tasks).And.Contain("--tasks another folder");
        samePort.ExitCode.Should().Be(Failed);
        samePort.Errors.Should().Contain(port).And.Contain("in use").And.Contain("--port takes another");
    }

    [Test]
    public async Task It_ends_with_1_and_a_reason_where_nobody_listens()
    {
        var client = await SamplePrograms.RunAsync(SamplePrograms.LongJob, $"http://127.0.0.1:{FreePort.Next()}/mcp");

        client.ExitCode.Should().Be(Failed);
        client.Errors.Should().MatchRegex(@"^The job cannot be followed: \w.*");
    }

    [TestCase("--bogus", ExpectedResult = "The client has no option --bogus.")]
    [TestCase("serve --bogus", ExpectedResult = "The server has no option --bogus.")]
    [TestCase("serve --port 65536", ExpectedResult = "--port wants a number from 0 to 65535, not 65536.")]
    [TestCase("--handle", ExpectedResult = "--handle wants a value behind it.")]
    [TestCase("--era stone", ExpectedResult = "--era is legacy or modern, not stone.")]
    [TestCase("--seconds -1", ExpectedResult = "--seconds wants a number from 0.1 to 3600, not -1.")]
    [TestCase("nonsense", ExpectedResult = "A server's address looks like http://localhost:3001/mcp, not nonsense.")]
    public async Task<string> It_refuses_what_it_does_not_understand_with_2(string arguments)
    {
        var program = await SamplePrograms.RunAsync(SamplePrograms.LongJob, arguments.Split(' '));

        program.ExitCode.Should().Be(NotUnderstood);
        program.Output.Should().BeEmpty();
        return program.Errors.TrimEnd().Replace(" --help shows the options.", "", StringComparison.Ordinal);
    }

    [TestCase("--help")]
    [TestCase("serve --help")]
    public async Task Help_names_every_option(string arguments)
    {
        var program = await SamplePrograms.RunAsync(SamplePrograms.LongJob, arguments.Split(' '));

        program.ExitCode.Should().Be(0);
        program.Output.Should().ContainAll("serve", "--port", "--tasks", "--cancel", "--era", "--seconds", "--answer", "--handle");
    }
}
