using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>What every store of tasks does.</summary>
[TestFixture("memory")]
[TestFixture("files")]
public sealed class TaskStoreTests(string kind)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<FileTaskStore> opened = [];
    private ManualTime time = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        time = new ManualTime();
        folder = Directory.CreateTempSubdirectory("onlymcp-tasks-").FullName;
    }

    [TearDown]
    public async Task TearDown()
    {
        foreach (var store in opened)
            await store.DisposeAsync();
        opened.Clear();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task A_task_that_was_added_is_found()
    {
        var store = Open();
        var task = Records.New("alice");

        await store.AddAsync(task);

        (await store.FindAsync(task.TaskId)).Should().BeSameAs(task);
        (await store.FindAsync(new string('0', 32))).Should().BeNull();
        (await store.FindAsync("../lock")).Should().BeNull();
        (await store.TakeAbandonedAsync()).Should().BeEmpty("this process runs it");
    }

    [Test]
    public async Task A_name_is_taken_once()
    {
        var store = Open();
        var task = Records.New("alice");
        await store.AddAsync(task);

        await store.Awaiting(s => s.AddAsync(task with { Owner = "bob" }).AsTask()).Should().ThrowAsync<InvalidOperationException>();

        (await store.FindAsync(task.TaskId)).Should().BeSameAs(task);
        (await store.ListAsync("bob", null, 10)).Should().BeEmpty();
    }

    [Test]
    public async Task Only_the_next_version_takes_the_place_of_a_record()
    {
        var store = Open();
        var task = Records.New();
        await store.AddAsync(task);

        (await store.TryReplaceAsync(task)).Should().BeFalse("it is the same version");
        (await store.TryReplaceAsync(task with { Version = 3 })).Should().BeFalse("it skips one");
        (await store.TryReplaceAsync(Records.New().Next())).Should().BeFalse("there is no such task");
        (await store.TryReplaceAsync(task.Next("second"))).Should().BeTrue();

        (await store.FindAsync(task.TaskId))!.StatusMessage.Should().Be("second");
    }

    [Test]
    public async Task Of_those_who_change_a_task_at_once_one_wins()
    {
        var store = Open();
        var task = Records.New();
        await store.AddAsync(task);
        for (var round = 0; round < 20; round++)
        {
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 8).Select(async writer =>
            {
                await start.Task;
                return await store.TryReplaceAsync(task.Next($"{round}/{writer}"));
            }).ToArray();
            start.SetResult();

            var won = await Task.WhenAll(writers);

            won.Count(one => one).Should().Be(1);
            task = (await store.FindAsync(task.TaskId))!;
            task.StatusMessage.Should().Be($"{round}/{Array.IndexOf(won, true)}");
        }
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Listing")]
    public async Task An_owners_tasks_are_listed_oldest_first_in_pages()
    {
        var store = Open();
        var start = DateTimeOffset.UnixEpoch;
        StoredTask[] alices =
        [
            Records.New("alice", start, 'b'), Records.New("alice", start, 'c'), Records.New("alice", start.AddHours(1), 'a'),
            Records.New("alice", start.AddHours(2), '0'), Records.New("alice", start.AddHours(2), '1'),
        ];
        foreach (var task in alices.Reverse().Append(Records.New("bob")).Append(Records.New()))
            await store.AddAsync(task);

        (await store.ListAsync("alice", null, 10)).Should().Equal(alices);
        (await store.ListAsync("alice", null, 2)).Should().Equal(alices[..2]);
        (await store.ListAsync("alice", PlaceOf(alices[1]), 2)).Should().Equal(alices[2..4]);
        (await store.ListAsync("alice", PlaceOf(alices[3]), 2)).Should().Equal(alices[4..]);
        (await store.ListAsync("alice", PlaceOf(alices[4]), 2)).Should().BeEmpty();
        (await store.ListAsync("alice", new(DateTimeOffset.MaxValue, "\uffff"), 2)).Should().BeEmpty();
        (await store.ListAsync("alice", new(start.AddMinutes(1), "anything"), 1)).Should().Equal(alices[2]);
        (await store.ListAsync(null, null, 10)).Should().ContainSingle().Which.Owner.Should().BeNull();
        (await store.ListAsync("nobody", PlaceOf(alices[0]), 10)).Should().BeEmpty();
    }

    [Test]
    public async Task A_page_begins_where_a_task_was_that_is_gone()
    {
        var store = Open();
        StoredTask[] tasks = [.. "123".Select(digit => Records.New("alice", digit: digit))];
        foreach (var task in tasks)
            await store.AddAsync(task);
        await store.TryReplaceAsync(tasks[1].Ended());
        time.Advance(Records.Hour);
        await store.AddAsync(Records.New());

        (await store.ListAsync("alice", PlaceOf(tasks[1]), 10)).Should().Equal(tasks[2]);
        (await store.ListAsync("alice", null, 10)).Should().Equal(tasks[0], tasks[2]);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §TTL and Resource Management")]
    public async Task A_task_that_has_ended_is_forgotten_when_its_time_is_over()
    {
        var store = Open();
        var (ended, running, forever) = (Records.New("alice"), Records.New("alice"), Records.New("alice") with { TimeToLive = null });
        foreach (var task in new[] { ended, running, forever })
            await store.AddAsync(task);
        await store.TryReplaceAsync(ended.Ended());
        await store.TryReplaceAsync(forever.Ended());

        time.Advance(Records.Hour - Second);
        (await store.FindAsync(ended.TaskId)).Should().NotBeNull();
        (await store.ListAsync("alice", null, 10)).Should().HaveCount(3);

        time.Advance(Second);
        (await store.FindAsync(ended.TaskId)).Should().BeNull();
        (await store.ListAsync("alice", null, 10)).Select(task => task.TaskId).Should().BeEquivalentTo(running.TaskId, forever.TaskId);
        (await store.TryReplaceAsync(ended.Ended().Next())).Should().BeFalse();
        (await store.TryReplaceAsync(running.Next())).Should().BeTrue();
    }

    [TestCase(-1000)]
    [TestCase(1000)]
    public async Task A_wall_clock_that_jumps_makes_nothing_older(int days)
    {
        var store = Open();
        var task = Records.New();
        await store.AddAsync(task);
        await store.TryReplaceAsync(task.Ended());

        time.Jump(TimeSpan.FromDays(days));
        time.Advance(Records.Hour - Second);
        (await store.FindAsync(task.TaskId)).Should().NotBeNull();

        time.Advance(Second);
        (await store.FindAsync(task.TaskId)).Should().BeNull();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Resource Management")]
    public async Task A_full_store_says_so_and_has_room_again_when_the_time_of_others_is_over()
    {
        var store = Open(new() { MaxTasks = 3, MaxTasksPerOwner = 2 });
        var first = Records.New("alice");
        await store.AddAsync(first);
        await store.AddAsync(Records.New("alice"));
        await store.Awaiting(s => s.AddAsync(Records.New("alice")).AsTask())
            .Should().ThrowAsync<TaskStoreFullException>().WithMessage("*2 tasks of one owner*");
        await store.AddAsync(Records.New());
        await store.Awaiting(s => s.AddAsync(Records.New()).AsTask())
            .Should().ThrowAsync<TaskStoreFullException>().WithMessage("*3 tasks*");

        await store.TryReplaceAsync(first.Ended());
        time.Advance(Records.Hour);

        await store.AddAsync(Records.New("alice"));
        await store.Awaiting(s => s.AddAsync(Records.New("bob")).AsTask()).Should().ThrowAsync<TaskStoreFullException>();
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Resource Management")]
    public async Task A_store_takes_no_more_bytes_than_it_may()
    {
        var store = Open(new() { MaxBytes = 10_000 });
        var (one, other) = (Records.New(), Records.New());
        await store.AddAsync(one);
        await store.AddAsync(other);
        StoredTask Large(StoredTask task) => task.Next() with { Result = Records.Json($"\"{new string('x', 7000)}\"") };

        (await store.TryReplaceAsync(Large(one))).Should().BeTrue();
        await store.Awaiting(s => s.TryReplaceAsync(Large(other)).AsTask())
            .Should().ThrowAsync<TaskStoreFullException>().WithMessage("*10000 bytes*");
        (await store.FindAsync(other.TaskId)).Should().BeSameAs(other, "the record before it stays");

        (await store.TryReplaceAsync(Large(one).Next() with { Result = null })).Should().BeTrue();
        (await store.TryReplaceAsync(Large(other))).Should().BeTrue("there is room again");
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Resource Management")]
    public async Task What_one_owner_keeps_takes_no_more_room_than_its_share()
    {
        var store = Open(new() { MaxBytesPerOwner = 10_000 });
        var (one, other) = (Records.New("alice"), Records.New("alice"));
        await store.AddAsync(one);
        await store.AddAsync(other);
        StoredTask Large(StoredTask task) => task.Next() with { Result = Records.Json($"\"{new string('x', 7000)}\"") };

        (await store.TryReplaceAsync(Large(one))).Should().BeTrue();
        await store.Awaiting(s => s.TryReplaceAsync(Large(other)).AsTask())
            .Should().ThrowAsync<TaskStoreFullException>().WithMessage("*10000 bytes of one owner*");

        foreach (var owner in new[] { "bob", null })
        {
            var theirs = Records.New(owner);
            await store.AddAsync(theirs);
            (await store.TryReplaceAsync(Large(theirs))).Should().BeTrue("there is room for others");
        }

        (await store.TryReplaceAsync(Large(one).Next() with { Result = null })).Should().BeTrue();
        (await store.TryReplaceAsync(Large(other))).Should().BeTrue("there is room again");
    }

    [Test]
    public async Task Those_who_come_at_once_do_not_get_more_room_than_there_is()
    {
        var store = Open(new() { MaxTasks = 10 });

        var added = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(async () =>
        {
            try
            {
                await store.AddAsync(Records.New());
                return true;
            }
            catch (TaskStoreFullException)
            {
                return false;
            }
        })));

        added.Count(one => one).Should().Be(10);
        (await store.ListAsync(null, null, 100)).Should().HaveCount(10);
    }

    private static TaskPlace PlaceOf(StoredTask task) => new(task.CreatedAt, task.TaskId);

    private ITaskStore Open(TaskStoreLimits? limits = null)
    {
        ITaskStore store = kind == "memory" ? new InMemoryTaskStore(limits, time) : new FileTaskStore(folder, limits, time);
        if (store is FileTaskStore files)
            opened.Add(files);
        return store;
    }
}
