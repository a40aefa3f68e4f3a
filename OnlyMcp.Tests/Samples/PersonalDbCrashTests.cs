using System.Collections.Concurrent;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Samples;

/// <summary>Whenever the personal database dies, what it acknowledged is there when it comes back.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PersonalDbCrashTests
{
    [TestCase(60)]
    [TestCase(20_000)]
    public async Task What_was_acknowledged_outlives_a_killed_process(int letters)
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        var user = await program.RegisterAsync("writer");
        var acknowledged = new ConcurrentDictionary<string, string?>();
        for (var round = 0; round < 4; round++)
        {
            var enough = new TaskCompletionSource();
            var writers = Enumerable.Range(0, 4).Select(writer => WriteAsync(user, $"{round}-{writer}-", letters, (id, name) =>
            {
                acknowledged[id] = name;
                if (acknowledged.Count > 40)
                    enough.TrySetResult();
            })).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await program.KillAsync();
            var unsure = (await Task.WhenAll(writers)).OfType<string>().ToHashSet();

            await program.StartAsync();

            var kept = (await user.GetAsync("api/schemas/Person/entities")).Json.GetProperty("entities").EnumerateArray().ToDictionary(
                entity => entity.GetProperty("id").GetString()!, entity => entity.GetProperty("data").GetProperty("firstName").GetString());
            foreach (var (id, name) in acknowledged.Where(change => !unsure.Contains(change.Key)))
                kept.GetValueOrDefault(id).Should().Be(name);
            acknowledged = new(kept.Take(20)); // What was not acknowledged may have been kept, and stays then.
        }
    }

    [Test]
    [Platform("Linux", Reason = "A limit on the size of files, which stands for a disk that is full, is set by a shell.")]
    public async Task What_a_full_disk_does_not_take_is_refused_and_nothing_else_is_lost()
    {
        const string SmallDisk = "ulimit -f 60; trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; exec \"$@\"";
        await using var program = await PersonalDbProgram.OpenAsync(PersonalDbProgram.Password, "bash", "-c", SmallDisk, "bash");
        var user = await program.RegisterAsync("full");
        var large = new { data = new { firstName = "Large", lastName = new string('x', 9_000) } };
        List<RestReply> answers = [];
        for (var i = 0; i < 10; i++)
            answers.Add(await user.PostAsync("api/schemas/Person/entities", large));
        var small = await user.AddPersonAsync("Small");

        await program.KillAsync();
        await program.StartAsync();

        answers.Select(answer => answer.Status).Distinct().Should().BeEquivalentTo([201, 507]);
        var kept = (await user.GetAsync("api/schemas/Person/entities")).Json.GetProperty("entities").EnumerateArray().Select(entity => entity.Text("id"));
        kept.Should().BeEquivalentTo([.. answers.Where(answer => answer.Status == 201).Select(answer => answer.Json.Text("id")), small]);
    }

    [TestCase("[{\"kind\":\"user\"")]
    [TestCase("\0\0\0\0\n")]
    [TestCase("x")]
    public async Task A_torn_last_line_is_cut_off(string torn)
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        var user = await program.RegisterAsync("torn");
        var first = await user.AddPersonAsync("First");
        await program.KillAsync();
        await File.AppendAllTextAsync(program.Journal, torn);

        await program.StartAsync();

        var second = await user.AddPersonAsync("Second");
        await program.KillAsync();
        await program.StartAsync();
        foreach (var id in new[] { first, second })
            (await user.GetAsync($"api/schemas/Person/entities/{id}")).Status.Should().Be(200);
    }

    [Test]
    public async Task A_journal_that_was_spoilt_in_the_middle_is_left_alone_and_told()
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        await (await program.RegisterAsync("spoilt")).AddPersonAsync("First");
        await program.KillAsync();
        var lines = await File.ReadAllLinesAsync(program.Journal);
        lines[1] = lines[1][..^5];
        await File.WriteAllLinesAsync(program.Journal, lines);

        var end = await SamplePrograms.RunAsync(SamplePrograms.PersonalDb, "--data", program.Data, "--port", "0");

        end.ExitCode.Should().Be(1);
        end.Errors.Should().StartWith($"Line 2 of '{program.Journal}' cannot be read");
        (await File.ReadAllLinesAsync(program.Journal)).Should().Equal(lines);
    }

    [Test]
    public async Task The_journal_does_not_grow_with_what_is_gone()
    {
        await using var program = await PersonalDbProgram.OpenAsync();
        var user = await program.RegisterAsync("busy");
        var id = await user.AddPersonAsync("First");
        for (var i = 0; i < 60; i++)
        {
            var data = new { data = new { firstName = $"{i}", lastName = new string('x', 50_000) } };
            (await user.PutAsync($"api/schemas/Person/entities/{id}", data)).Status.Should().Be(200);
        }

        new FileInfo(program.Journal).Length.Should().BeLessThan(2_000_000, "3 MB were written, and 50 KB of them count");
        await program.KillAsync();
        await program.StartAsync();
        (await user.GetAsync($"api/schemas/Person/entities/{id}")).Text.Should().Contain("\"firstName\":\"59\"");
    }

    [Test]
    public async Task One_process_at_a_time_has_the_folder()
    {
        await using var program = await PersonalDbProgram.OpenAsync();

        var second = await SamplePrograms.RunAsync(SamplePrograms.PersonalDb, "--data", program.Data, "--port", "0");

        second.ExitCode.Should().Be(1);
        second.Errors.Should().Contain("another process has it");
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no signal to send to one process, and no modes of files.")]
    public async Task Ctrl_C_ends_it_in_order_and_its_folder_is_its_owners_alone()
    {
        await using var program = await PersonalDbProgram.OpenAsync();

        await program.Server.Process.InterruptAsync();

        var end = await program.Server.Process.EndAsync();
        end.ExitCode.Should().Be(0, end.Errors);
        end.Output.TrimEnd().Should().Be("Server shutting down...");
        new DirectoryInfo(program.Data).UnixFileMode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        new FileInfo(program.Journal).UnixFileMode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [TestCase("--bogus", ExpectedResult = "There is no option --bogus.")]
    [TestCase("--port 65536", ExpectedResult = "--port wants a number from 0 to 65535, not 65536.")]
    [TestCase("--data", ExpectedResult = "--data wants a value behind it.")]
    [TestCase("--public-url http://db.example.com", ExpectedResult = "--public-url wants an address such as https://db.example.com, not http://db.example.com.")]
    public async Task<string> It_refuses_what_it_does_not_understand_with_2(string arguments)
    {
        var end = await SamplePrograms.RunAsync(SamplePrograms.PersonalDb, arguments.Split(' '));

        end.ExitCode.Should().Be(2);
        return end.Errors.TrimEnd().Replace(" --help shows the options.", "", StringComparison.Ordinal);
    }

    /// <summary>
    /// Makes persons, changes each, and removes all but the last few, until nobody answers; returns the id of what it was just about to change.
    /// </summary>
    private static async Task<string?> WriteAsync(RestCaller user, string prefix, int letters, Action<string, string?> acknowledge)
    {
        string? changing = null;
        var kept = new Queue<string>();
        try
        {
            for (var i = 0; ; i++)
            {
                var name = prefix + i + new string('x', letters);
                var id = await user.AddPersonAsync(name);
                acknowledge(id, name);
                kept.Enqueue(changing = id);
                (await user.PutAsync($"api/schemas/Person/entities/{id}", new { data = new { firstName = name + "!", lastName = "Test" } })).Status.Should().Be(200);
                acknowledge(id, name + "!");
                if (kept.Count > 5)
                {
                    changing = kept.Dequeue();
                    (await user.DeleteAsync($"api/schemas/Person/entities/{changing}")).Status.Should().Be(200);
                    acknowledge(changing, null);
                }

                changing = null;
            }
        }
        catch (HttpRequestException)
        {
            return changing;
        }
    }
}
