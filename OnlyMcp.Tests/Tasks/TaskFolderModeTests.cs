using System.Runtime.Versioning;
using OnlyMcp.Server.Tasks;
using OnlyMcp.Tests.Support;

namespace OnlyMcp.Tests.Tasks;

/// <summary>Who may look into a folder of tasks. Windows has no modes of files: there it is the business of the folder around.</summary>
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
public sealed class TaskFolderModeTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private RecordedLog log = null!;
    private string root = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        log = new RecordedLog();
        root = Directory.CreateTempSubdirectory("onlymcp-tasks-").FullName;
        folder = Path.Combine(root, "tasks");
    }

    [TearDown]
    public void TearDown()
    {
        log.Dispose();
        Directory.Delete(root, recursive: true);
    }

    [Test]
    [Spec("2025-11-25 basic/utilities/tasks §Task Isolation and Access Control")]
    public async Task Tasks_are_their_owners_alone()
    {
        await using var store = Open();
        await store.AddAsync(Records.New());

        new DirectoryInfo(folder).UnixFileMode.Should().Be(Owner);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            file.UnixFileMode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.Name);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_folder_that_others_can_look_into_is_closed_if_it_is_empty_and_spoken_of_if_not(bool inUse)
    {
        Directory.CreateDirectory(folder, Owner);
        File.SetUnixFileMode(folder, Owner | UnixFileMode.OtherRead);
        if (inUse)
            await File.WriteAllTextAsync(Path.Combine(folder, "of others"), "");

        await using var store = Open();

        new DirectoryInfo(folder).UnixFileMode.Should().Be(inUse ? Owner | UnixFileMode.OtherRead : Owner);
        log.Lines.Any(line => line.Contains("chmod 700")).Should().Be(inUse);
    }

    [Test]
    public async Task A_folder_that_became_read_only_loses_nothing_and_says_why()
    {
        var task = Records.New();
        await using var store = Open();
        await store.AddAsync(task);
        Close(task, true);
        await store.Awaiting(s => s.TryReplaceAsync(task.Next("lost")).AsTask()).Should().ThrowAsync<IOException>()
            .WithMessage($"*{task.TaskId}.json*");
        (await store.FindAsync(task.TaskId)).Should().BeSameAs(task);

        Close(task, false);
        (await store.TryReplaceAsync(task.Next())).Should().BeTrue("the folder can be written to again");
    }

    [Test]
    public void A_folder_that_cannot_be_locked_is_refused_with_a_reason()
    {
        // A folder in the place of the file that is locked: nothing is read-only to root.
        Directory.CreateDirectory(Path.Combine(folder, "lock"));

        FluentActions.Invoking(() => Open()).Should().Throw<IOException>().WithMessage($"*{folder}*belong to this user*");
    }

    /// <summary>Makes the folder read-only. To root nothing is: there a folder stands where the record would be written.</summary>
    private void Close(StoredTask task, bool closed)
    {
        var temporary = Path.Combine(folder, $"{task.TaskId}.tmp");
        if (!Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(folder, closed ? UnixFileMode.UserRead | UnixFileMode.UserExecute : Owner);
        else if (closed)
            Directory.CreateDirectory(temporary);
        else
            Directory.Delete(temporary);
    }

    private FileTaskStore Open() => new(folder, logger: new LogOf<FileTaskStore>(log));
}
