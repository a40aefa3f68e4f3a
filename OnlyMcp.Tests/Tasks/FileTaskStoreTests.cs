using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>The store that outlives its process, as far as one process can show it.</summary>
public sealed class FileTaskStoreTests
{
    private ManualTime time = null!;
    private RecordedLog log = null!;
    private string root = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        time = new ManualTime();
        log = new RecordedLog();
        root = Directory.CreateTempSubdirectory("onlymcp-tasks-").FullName;
        folder = Path.Combine(root, "of a server", "tasks");
    }

    [TearDown]
    public void TearDown()
    {
        log.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Test]
    public async Task What_was_written_is_there_when_the_folder_is_opened_again()
    {
        var (running, ended) = (Records.New("alice"), Records.New("alice"));
        await using (var store = Open())
        {
            await store.AddAsync(running);
            await store.AddAsync(ended);
            await store.TryReplaceAsync(running.Next("half of it"));
            await store.TryReplaceAsync(ended.Ended());
        }

        await using var again = Open();

        (await again.FindAsync(running.TaskId))!.StatusMessage.Should().Be("half of it");
        (await again.FindAsync(ended.TaskId))!.Result!.Value.GetRawText().Should().Be("""{"content":[]}""");
        (await again.ListAsync("alice", null, 10)).Should().HaveCount(2);
        (await again.TryReplaceAsync(running.Next().Next())).Should().BeTrue("it was version 2");
        Files.Should().BeEquivalentTo("lock", $"{running.TaskId}.json", $"{ended.TaskId}.json");
    }

    [Test]
    public async Task Tasks_that_had_not_ended_are_handed_out_once()
    {
        var (running, ended, soonEnded) = (Records.New(), Records.New(), Records.New());
        await using (var store = Open())
        {
            foreach (var task in new[] { running, ended, soonEnded })
                await store.AddAsync(task);
            await store.TryReplaceAsync(ended.Ended());
            (await store.TakeAbandonedAsync()).Should().BeEmpty();
        }

        await using (var again = Open())
        {
            await again.AddAsync(Records.New());
            await again.TryReplaceAsync(soonEnded.Ended());
            (await again.TakeAbandonedAsync()).Select(task => task.TaskId).Should().Equal(running.TaskId);
            (await again.TakeAbandonedAsync()).Should().BeEmpty();
        }

        await using var third = Open();
        (await third.TakeAbandonedAsync()).Should().HaveCount(2, "neither has ended");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management")]
    public async Task A_task_whose_time_is_over_leaves_no_file()
    {
        var (ended, running) = (Records.New(), Records.New());
        await using var store = Open();
        await store.AddAsync(ended);
        await store.AddAsync(running);
        await store.TryReplaceAsync(ended.Ended());

        time.Advance(Records.Hour);

        Files.Should().BeEquivalentTo("lock", $"{running.TaskId}.json");
    }

    [Test]
    public async Task A_task_whose_time_went_by_while_no_process_ran_is_removed()
    {
        var (ended, running) = (Records.New(), Records.New());
        await using (var store = Open())
        {
            await store.AddAsync(ended);
            await store.AddAsync(running);
            await store.TryReplaceAsync(ended.Ended());
        }

        time.Advance(TimeSpan.FromDays(1));
        await using var again = Open();

        (await again.FindAsync(ended.TaskId)).Should().BeNull();
        Files.Should().BeEquivalentTo("lock", $"{running.TaskId}.json");
        (await again.TakeAbandonedAsync()).Should().ContainSingle().Which.TaskId.Should().Be(running.TaskId);
    }

    [Test]
    public async Task The_time_while_no_process_ran_counts()
    {
        var task = await WriteEndedAsync();

        time.Advance(TimeSpan.FromMinutes(40));
        await using var again = Open();
        time.Advance(TimeSpan.FromMinutes(19));
        (await again.FindAsync(task.TaskId)).Should().NotBeNull();
        time.Advance(TimeSpan.FromMinutes(1));
        (await again.FindAsync(task.TaskId)).Should().BeNull();
    }

    [Test]
    public async Task A_wall_clock_that_went_back_makes_a_task_new_and_no_younger()
    {
        var task = await WriteEndedAsync();

        time.Jump(TimeSpan.FromDays(-100));
        await using var again = Open();

        (await again.FindAsync(task.TaskId)).Should().NotBeNull();
        time.Advance(Records.Hour);
        (await again.FindAsync(task.TaskId)).Should().BeNull("it is not kept for a hundred days");
    }

    [Test]
    public async Task A_wall_clock_that_went_forth_leaves_a_running_task_to_its_server()
    {
        var task = Records.New() with { CreatedAt = DateTimeOffset.MinValue };
        await using (var store = Open())
            await store.AddAsync(task);

        time.Jump(TimeSpan.FromDays(100_000));
        await using var again = Open();

        (await again.TakeAbandonedAsync()).Should().ContainSingle();
        var failed = task.Ended() with { TimeToLive = Records.Hour + TimeSpan.FromMinutes(5) };
        (await again.TryReplaceAsync(failed)).Should().BeTrue();
        time.Advance(TimeSpan.FromMinutes(4));
        (await again.FindAsync(task.TaskId)).Should().NotBeNull("it was given five minutes more");
        time.Advance(TimeSpan.FromMinutes(1));
        (await again.FindAsync(task.TaskId)).Should().BeNull();
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("\0\0\0\0")]
    [TestCase("""{"taskId":"0123456789abcdef0123456789abcdef","version":1}""")]
    public async Task A_file_that_cannot_be_read_is_left_alone_and_stops_nothing(string text)
    {
        var task = await WriteEndedAsync();
        var damaged = Path.Combine(folder, $"{new string('d', 32)}.json");
        await File.WriteAllTextAsync(damaged, text);

        await using var again = Open();

        (await again.FindAsync(task.TaskId)).Should().NotBeNull();
        (await again.FindAsync(new string('d', 32))).Should().BeNull();
        (await File.ReadAllTextAsync(damaged)).Should().Be(text);
        log.Lines.Should().ContainSingle().Which.Should().StartWith("Error").And.Contain(damaged);
    }

    [Test]
    public async Task Whatever_bytes_are_damaged_each_task_is_served_or_spoken_of()
    {
        const int Count = 300;
        var chance = new Random(4);
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Count; i++)
        {
            var task = Records.New("alice").Ended();
            var json = TaskJson.Write(task);
            for (var damages = 0; damages <= i % 3; damages++)
                json[chance.Next(json.Length)] = (byte)chance.Next(256);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{task.TaskId}.json"), json);
        }

        await using var store = Open();

        var refused = log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal));
        var expired = Count - Files.Count(file => file != "lock");
        var served = 0;
        foreach (var file in Files)
            served += await store.FindAsync(Path.GetFileNameWithoutExtension(file)) is null ? 0 : 1;
        refused.Should().BePositive();
        (served + refused + expired).Should().Be(Count);
    }

    [Test]
    public async Task A_record_under_another_tasks_name_is_not_taken_for_it()
    {
        var task = await WriteEndedAsync();
        var copy = Path.Combine(folder, $"{new string('d', 32)}.json");
        File.Copy(Path.Combine(folder, $"{task.TaskId}.json"), copy);

        await using var again = Open();

        (await again.ListAsync(null, null, 10)).Should().ContainSingle();
        File.Exists(copy).Should().BeTrue();
        log.Lines.Should().ContainSingle().Which.Should().Contain(copy);
        log.Exceptions.Should().ContainSingle().Which.Message.Should().Contain(task.TaskId);
    }

    [Test]
    public async Task What_a_killed_process_had_not_written_to_its_end_is_removed()
    {
        var task = await WriteEndedAsync();
        var unfinished = Path.Combine(folder, $"{task.TaskId}.tmp");
        await File.WriteAllTextAsync(unfinished, "{\"taskId\":");

        await using var again = Open();

        (await again.FindAsync(task.TaskId)).Should().NotBeNull();
        File.Exists(unfinished).Should().BeFalse();
        log.Lines.Should().BeEmpty();
    }

    [TestCase("notes.txt")]
    [TestCase("notes.json")]
    [TestCase("notes.tmp")]
    [TestCase("0123456789ABCDEF0123456789ABCDEF.json")]
    public async Task A_file_of_somebody_else_is_left_alone(string name)
    {
        await WriteEndedAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, name), "{}");

        await using var again = Open();

        Files.Should().Contain(name);
        log.Lines.Should().ContainSingle().Which.Should().StartWith("Warning").And.Contain(name);
    }

    [Test]
    public async Task What_is_beyond_the_limits_stays_on_disk_for_a_store_with_larger_ones()
    {
        await using (var store = Open())
        {
            for (var i = 0; i < 5; i++)
                await store.AddAsync(Records.New());
        }

        await using (var small = Open(new() { MaxTasks = 3 }))
        {
            (await small.ListAsync(null, null, 10)).Should().HaveCount(3);
            await small.Awaiting(s => s.AddAsync(Records.New()).AsTask()).Should().ThrowAsync<TaskStoreFullException>();
        }

        log.Lines.Should().HaveCount(2).And.OnlyContain(line => line.Contains("cannot be served"));
        log.Exceptions.Should().AllBeOfType<TaskStoreFullException>();
        await using (var tiny = Open(new() { MaxBytes = 10 }))
            (await tiny.ListAsync(null, null, 10)).Should().BeEmpty();
        await using var large = Open();
        (await large.ListAsync(null, null, 10)).Should().HaveCount(5);
    }

    [Test]
    public async Task A_second_store_is_refused_while_the_first_is_open()
    {
        var store = Open();
        FluentActions.Invoking(() => Open()).Should().Throw<IOException>().WithMessage($"*{folder}*a folder of its own*");

        await store.DisposeAsync();

        await Open().DisposeAsync();
    }

    [Test]
    public async Task A_write_that_fails_leaves_the_record_before_it_and_the_next_one_works()
    {
        await using var store = Open(new() { MaxTasks = 2 });
        var (task, other) = (Records.New(), Records.New());
        await store.AddAsync(task);
        var aside = folder + " aside";
        Directory.Move(folder, aside);
        await File.WriteAllTextAsync(folder, "a file where the folder was");

        await store.Awaiting(s => s.TryReplaceAsync(task.Next("lost")).AsTask()).Should().ThrowAsync<IOException>()
            .WithMessage($"*{Path.Combine(folder, task.TaskId)}.json*");
        await store.Awaiting(s => s.AddAsync(other).AsTask()).Should().ThrowAsync<IOException>().WithMessage($"*{other.TaskId}.json*");

        (await store.FindAsync(task.TaskId)).Should().BeSameAs(task);
        (await store.FindAsync(other.TaskId)).Should().BeNull();
        (await store.ListAsync(null, null, 10)).Should().Equal(task);

        File.Delete(folder);
        Directory.Move(aside, folder);
        (await store.TryReplaceAsync(task.Next("kept"))).Should().BeTrue();
        await store.AddAsync(other);
        (await store.FindAsync(task.TaskId))!.StatusMessage.Should().Be("kept");
        Files.Should().BeEquivalentTo("lock", $"{task.TaskId}.json", $"{other.TaskId}.json");
    }

    [Test]
    public async Task A_record_whose_place_is_taken_by_a_folder_is_not_written()
    {
        await using var store = Open();
        var task = Records.New();
        Directory.CreateDirectory(Path.Combine(folder, $"{task.TaskId}.json"));

        await store.Awaiting(s => s.AddAsync(task).AsTask()).Should().ThrowAsync<IOException>().WithMessage($"*{task.TaskId}.json*");

        Files.Should().Equal(["lock"], "what was written on the way is removed");
    }

    [TestCase("")]
    [TestCase("../0123456789abcdef0123456789abc")]
    [TestCase("0123456789ABCDEF0123456789ABCDEF")]
    [TestCase("0123456789abcdef0123456789abcdef0")]
    public async Task A_name_that_is_no_tasks_name_never_becomes_a_path(string name)
    {
        await using var store = Open();

        await store.Awaiting(s => s.AddAsync(Records.New() with { TaskId = name }).AsTask()).Should().ThrowAsync<ArgumentException>();
        (await store.TryReplaceAsync(Records.New().Next() with { TaskId = name })).Should().BeFalse();
        (await store.FindAsync(name)).Should().BeNull();
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Should().Equal("lock");
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_said_to_be_none()
    {
        File.WriteAllText(Path.Combine(root, "of a server"), "a file");

        FluentActions.Invoking(() => Open()).Should().Throw<IOException>();
        FluentActions.Invoking(() => new FileTaskStore(" ")).Should().Throw<ArgumentException>();
    }

    [Test]
    public async Task A_disposed_store_says_so()
    {
        var task = Records.New();
        var store = Open();
        await store.AddAsync(task);
        await store.DisposeAsync();
        store.Dispose();

        Func<Task>[] calls =
        [
            () => store.AddAsync(Records.New()).AsTask(),
            () => store.FindAsync(task.TaskId).AsTask(),
            () => store.TryReplaceAsync(task.Next()).AsTask(),
            () => store.ListAsync(null, null, 1).AsTask(),
            () => store.TakeAbandonedAsync().AsTask(),
        ];
        foreach (var call in calls)
            await call.Should().ThrowAsync<ObjectDisposedException>();
        time.Advance(TimeSpan.FromDays(1));
        Files.Should().Contain($"{task.TaskId}.json");
    }

    [Test]
    public async Task What_is_being_written_while_the_store_is_disposed_is_written_or_refused()
    {
        var store = Open();
        var writes = Enumerable.Range(0, 50).Select(async _ =>
        {
            var task = Records.New();
            try
            {
                await store.AddAsync(task);
                return task.TaskId;
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
        }).ToArray();
        await store.DisposeAsync();

        await using var again = Open();

        var acknowledged = (await Task.WhenAll(writes)).OfType<string>();
        (await again.ListAsync(null, null, 100)).Select(task => task.TaskId).Should().BeEquivalentTo(acknowledged);
    }

    [Test]
    public async Task A_write_that_is_cancelled_before_it_began_changes_nothing()
    {
        await using var store = Open();
        var task = Records.New();
        await store.AddAsync(task);

        await store.Awaiting(s => s.TryReplaceAsync(task.Next(), new(canceled: true)).AsTask())
            .Should().ThrowAsync<OperationCanceledException>();

        (await store.FindAsync(task.TaskId)).Should().BeSameAs(task);
        (await store.TryReplaceAsync(task.Next())).Should().BeTrue();
    }

    private IEnumerable<string> Files => Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file));

    private FileTaskStore Open(TaskStoreLimits? limits = null) => new(folder, limits, time, new LogOf<FileTaskStore>(log));

    private async Task<StoredTask> WriteEndedAsync()
    {
        var task = Records.New();
        await using var store = Open();
        await store.AddAsync(task);
        await store.TryReplaceAsync(task.Ended());
        return task;
    }
}
